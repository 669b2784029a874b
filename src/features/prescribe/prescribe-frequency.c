/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-frequency.h"

#include <glib/gi18n.h>

static const struct
{
  const char *text;
  int frequency;
  int period;
  const char *unit;
} choices[] = {
  { N_ ("Once a day"), 1, 1, "d" },    { N_ ("Twice a day"), 2, 1, "d" },
  { N_ ("3 times a day"), 3, 1, "d" }, { N_ ("4 times a day"), 4, 1, "d" },
  { N_ ("Every 4 hours"), 1, 4, "h" }, { N_ ("Every 6 hours"), 1, 6, "h" },
  { N_ ("Every 8 hours"), 1, 8, "h" }, { N_ ("Every 12 hours"), 1, 12, "h" },
  { N_ ("Every 2 days"), 1, 2, "d" },  { N_ ("Once a week"), 1, 1, "wk" },
};

#define N_CHOICES ((int) G_N_ELEMENTS (choices))
#define NONE      (-1)

struct _PrescribeFrequency
{
  AdwBin parent_instance;

  GtkWidget *buttons[G_N_ELEMENTS (choices)];
  int chosen;
  gboolean showing;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeFrequency, prescribe_frequency, ADW_TYPE_BIN)

/* Only what is chosen, or the first while nothing is, can be reached by Tab. */
static void
update_focus (PrescribeFrequency *self)
{
  int stop = MAX (self->chosen, 0);

  for (int i = 0; i < N_CHOICES; i++)
    {
      gtk_widget_set_focusable (self->buttons[i], i == stop);
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_STATE_CHECKED,
                                   i == self->chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE
                                                     : GTK_ACCESSIBLE_TRISTATE_FALSE,
                                   -1);
    }
}

static void
toggled_cb (PrescribeFrequency *self, GtkToggleButton *button)
{
  if (self->showing || !gtk_toggle_button_get_active (button))
    return;
  for (int i = 0; i < N_CHOICES; i++)
    if (self->buttons[i] == GTK_WIDGET (button))
      self->chosen = i;
  update_focus (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

static void
choose (PrescribeFrequency *self, int index)
{
  gtk_widget_set_focusable (self->buttons[index], TRUE);
  gtk_widget_grab_focus (self->buttons[index]);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[index]), TRUE);
}

static int
index_of_focus (PrescribeFrequency *self)
{
  for (int i = 0; i < N_CHOICES; i++)
    if (gtk_widget_is_focus (self->buttons[i]))
      return i;
  return NONE;
}

static gboolean
key_cb (PrescribeFrequency *self, guint key, guint code, GdkModifierType state)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int from = index_of_focus (self), step = 0;

  if (from == NONE || (state & gtk_accelerator_get_default_mod_mask ()))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step = mirrored ? 1 : -1;
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step = mirrored ? -1 : 1;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      step = -1;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      step = 1;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      step = -from;
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      step = N_CHOICES - 1 - from;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  choose (self, (from + step + N_CHOICES) % N_CHOICES);
  return GDK_EVENT_STOP;
}

static void
prescribe_frequency_class_init (PrescribeFrequencyClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_RADIO_GROUP);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "frequency");

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", PRESCRIBE_TYPE_FREQUENCY, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
button_new (PrescribeFrequency *self, int index)
{
  GtkWidget *button =
      g_object_new (GTK_TYPE_TOGGLE_BUTTON, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO, "label",
                    _ (choices[index].text), NULL);

  gtk_accessible_update_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_POS_IN_SET,
                                  index + 1, GTK_ACCESSIBLE_RELATION_SET_SIZE, N_CHOICES, -1);
  if (index > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (self->buttons[0]));
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  return button;
}

static void
prescribe_frequency_init (PrescribeFrequency *self)
{
  GtkWidget *box = adw_wrap_box_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (box), 6);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (box), 6);
  for (int i = 0; i < N_CHOICES; i++)
    {
      self->buttons[i] = button_new (self, i);
      adw_wrap_box_append (ADW_WRAP_BOX (box), self->buttons[i]);
    }
  adw_bin_set_child (ADW_BIN (self), box);
  /* before the window moves the focus by the arrows itself */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How often"), -1);
  self->chosen = NONE;
  update_focus (self);
}

/* Shows what a draft holds, without "chosen". What none of the ten says leaves all unchosen. */
void
prescribe_frequency_show (PrescribeFrequency *self, int frequency, int period, const char *unit)
{
  g_return_if_fail (PRESCRIBE_IS_FREQUENCY (self));

  self->showing = TRUE;
  self->chosen = NONE;
  for (int i = 0; i < N_CHOICES; i++)
    {
      if (choices[i].frequency == frequency && choices[i].period == period &&
          g_strcmp0 (choices[i].unit, unit) == 0)
        self->chosen = i;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[i]), self->chosen == i);
    }
  self->showing = FALSE;
  update_focus (self);
}

/* FALSE: nothing is chosen. */
gboolean
prescribe_frequency_get (PrescribeFrequency *self, int *frequency, int *period, const char **unit)
{
  g_return_val_if_fail (PRESCRIBE_IS_FREQUENCY (self), FALSE);

  if (self->chosen == NONE)
    return FALSE;
  *frequency = choices[self->chosen].frequency;
  *period = choices[self->chosen].period;
  *unit = choices[self->chosen].unit;
  return TRUE;
}
