/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-vocabulary.h"

#include <string.h>

/* The words of dosages in five languages: what is counted and measured, how it is given, by which
 * route, against what. A row is found by any of its English names. The translations are source:
 * unverified; no translator has read them. Routes carry the code of SNOMED CT where it stood in a
 * published value set that was open while the row was written: HL7 New Zealand's route of
 * administration, ONCOFAIR's code system, and NHS England's examples (inhalation). */

typedef struct
{
  const char *names; /* "tablet|tab" in lower case; measures as they are written */
  const char *one[CLINICAL_N_LANGUAGES];
  const char *many[CLINICAL_N_LANGUAGES]; /* units alone */
} Row;

/* en, de, es, fr, ja */
static const Row units[] = {
  { "tablet|tab|tabs|tbl",
    { "tablet", "Tablette", "comprimido", "comprimé", "錠" },
    { "tablets", "Tabletten", "comprimidos", "comprimés", "錠" } },
  { "capsule|cap|caps",
    { "capsule", "Kapsel", "cápsula", "gélule", "カプセル" },
    { "capsules", "Kapseln", "cápsulas", "gélules", "カプセル" } },
  { "puff",
    { "puff", "Sprühstoß", "pulsación", "bouffée", "吸入" },
    { "puffs", "Sprühstöße", "pulsaciones", "bouffées", "吸入" } },
  { "inhalation",
    { "inhalation", "Inhalation", "inhalación", "inhalation", "吸入" },
    { "inhalations", "Inhalationen", "inhalaciones", "inhalations", "吸入" } },
  { "spray",
    { "spray", "Sprühstoß", "pulverización", "pulvérisation", "噴霧" },
    { "sprays", "Sprühstöße", "pulverizaciones", "pulvérisations", "噴霧" } },
  { "drop|gtt",
    { "drop", "Tropfen", "gota", "goutte", "滴" },
    { "drops", "Tropfen", "gotas", "gouttes", "滴" } },
  { "patch",
    { "patch", "Pflaster", "parche", "patch", "枚" },
    { "patches", "Pflaster", "parches", "patchs", "枚" } },
  { "suppository",
    { "suppository", "Zäpfchen", "supositorio", "suppositoire", "個" },
    { "suppositories", "Zäpfchen", "supositorios", "suppositoires", "個" } },
  { "pessary",
    { "pessary", "Vaginalzäpfchen", "óvulo", "ovule", "個" },
    { "pessaries", "Vaginalzäpfchen", "óvulos", "ovules", "個" } },
  { "sachet",
    { "sachet", "Beutel", "sobre", "sachet", "包" },
    { "sachets", "Beutel", "sobres", "sachets", "包" } },
  { "lozenge",
    { "lozenge", "Lutschtablette", "pastilla", "pastille", "錠" },
    { "lozenges", "Lutschtabletten", "pastillas", "pastilles", "錠" } },
  { "ampoule|ampul",
    { "ampoule", "Ampulle", "ampolla", "ampoule", "アンプル" },
    { "ampoules", "Ampullen", "ampollas", "ampoules", "アンプル" } },
  { "vial",
    { "vial", "Durchstechflasche", "vial", "flacon", "バイアル" },
    { "vials", "Durchstechflaschen", "viales", "flacons", "バイアル" } },
  { "application",
    { "application", "Anwendung", "aplicación", "application", "回分" },
    { "applications", "Anwendungen", "aplicaciones", "applications", "回分" } },
  { "dose",
    { "dose", "Dosis", "dosis", "dose", "回分" },
    { "doses", "Dosen", "dosis", "doses", "回分" } },
  { "injection",
    { "injection", "Injektion", "inyección", "injection", "本" },
    { "injections", "Injektionen", "inyecciones", "injections", "本" } },
  { "unit|international unit",
    { "unit", "Einheit", "unidad", "unité", "単位" },
    { "units", "Einheiten", "unidades", "unités", "単位" } },
  { "mcg|microgram|ug",
    { "microgram", "Mikrogramm", "microgramo", "microgramme", "マイクログラム" },
    { "micrograms", "Mikrogramm", "microgramos", "microgrammes", "マイクログラム" } },
  { "mg|MG|milligram",
    { "milligram", "mg", "mg", "mg", "mg" },
    { "milligrams", "mg", "mg", "mg", "mg" } },
  { "g|gram", { "gram", "g", "g", "g", "g" }, { "grams", "g", "g", "g", "g" } },
  { "kg|kilogram",
    { "kilogram", "kg", "kg", "kg", "kg" },
    { "kilograms", "kg", "kg", "kg", "kg" } },
  { "mL|ml|ML|millilitre|milliliter",
    { "millilitre", "mL", "mL", "mL", "mL" },
    { "millilitres", "mL", "mL", "mL", "mL" } },
  { "L|litre|liter", { "litre", "L", "L", "L", "L" }, { "litres", "L", "L", "L", "L" } },
  { "mmol|millimole",
    { "millimole", "mmol", "mmol", "mmol", "mmol" },
    { "millimoles", "mmol", "mmol", "mmol", "mmol" } },
};

static const Row methods[] = {
  { "take", { "Take", "Einnehmen", "Tome", "Prenez", "服用" }, { NULL } },
  { "inhale", { "Inhale", "Inhalieren", "Inhale", "Inhalez", "吸入" }, { NULL } },
  { "spray", { "Spray", "Sprühen", "Pulverice", "Pulvérisez", "噴霧" }, { NULL } },
  { "apply", { "Apply", "Anwenden", "Aplique", "Appliquez", "塗布・貼付" }, { NULL } },
  { "insert", { "Insert", "Einführen", "Introduzca", "Introduisez", "挿入" }, { NULL } },
  { "use", { "Use", "Anwenden", "Use", "Utilisez", "使用" }, { NULL } },
  { "inject", { "Inject", "Spritzen", "Inyecte", "Injectez", "注射" }, { NULL } },
  { "swallow", { "Swallow", "Schlucken", "Trague", "Avalez", "飲み込む" }, { NULL } },
  { "chew", { "Chew", "Kauen", "Mastique", "Mâchez", "かむ" }, { NULL } },
  { "drink", { "Drink", "Trinken", "Beba", "Buvez", "飲む" }, { NULL } },
  { "dissolve", { "Dissolve", "Auflösen", "Disuelva", "Dissolvez", "溶かす" }, { NULL } },
  { "give|administer", { "Give", "Geben", "Administre", "Administrez", "投与" }, { NULL } },
  { "instil|instill", { "Instil", "Eintropfen", "Instile", "Instillez", "点滴注入" }, { NULL } },
};

static const Row reasons[] = {
  { "pain", { "pain", "Schmerzen", "dolor", "douleur", "痛み" }, { NULL } },
  { "fever", { "fever", "Fieber", "fiebre", "fièvre", "発熱" }, { NULL } },
  { "headache",
    { "headache", "Kopfschmerzen", "dolor de cabeza", "mal de tête", "頭痛" },
    { NULL } },
  { "migraine", { "migraine", "Migräne", "migraña", "migraine", "片頭痛" }, { NULL } },
  { "nausea", { "nausea", "Übelkeit", "náuseas", "nausées", "吐き気" }, { NULL } },
  { "vomiting", { "vomiting", "Erbrechen", "vómitos", "vomissements", "嘔吐" }, { NULL } },
  { "itch|itching", { "itch", "Juckreiz", "picor", "démangeaisons", "かゆみ" }, { NULL } },
  { "cough", { "cough", "Husten", "tos", "toux", "せき" }, { NULL } },
  { "wheeze|wheezing",
    { "wheeze", "pfeifende Atmung", "sibilancias", "respiration sifflante", "ぜんめい" },
    { NULL } },
  { "shortness of breath|breathlessness",
    { "shortness of breath", "Atemnot", "falta de aire", "essoufflement", "息切れ" },
    { NULL } },
  { "chest pain|angina",
    { "chest pain", "Brustschmerzen", "dolor en el pecho", "douleur à la poitrine", "胸の痛み" },
    { NULL } },
  { "anxiety", { "anxiety", "Angst", "ansiedad", "anxiété", "不安" }, { NULL } },
  { "sleep|insomnia|sleeplessness",
    { "sleep", "Schlafstörungen", "insomnio", "insomnie", "不眠" },
    { NULL } },
  { "constipation",
    { "constipation", "Verstopfung", "estreñimiento", "constipation", "便秘" },
    { NULL } },
  { "diarrhoea|diarrhea", { "diarrhoea", "Durchfall", "diarrea", "diarrhée", "下痢" }, { NULL } },
  { "heartburn",
    { "heartburn", "Sodbrennen", "ardor de estómago", "brûlures d’estomac", "胸やけ" },
    { NULL } },
  { "allergy", { "allergy", "Allergie", "alergia", "allergie", "アレルギー" }, { NULL } },
};

/* one: for a clinician; many: in plain words */
static const Row routes[] = {
  { "oral|by mouth|orally|per os|po",
    { "oral", "oral", "vía oral", "voie orale", "経口" },
    { "by mouth", "durch den Mund", "por la boca", "par la bouche", "口から" } },
  { "subcutaneous|subcutaneously|under the skin",
    { "subcutaneous", "subkutan", "vía subcutánea", "voie sous-cutanée", "皮下" },
    { "under the skin", "unter die Haut", "bajo la piel", "sous la peau", "皮膚の下に" } },
  { "intravenous|intravenously|into a vein",
    { "intravenous", "intravenös", "vía intravenosa", "voie intraveineuse", "静脈内" },
    { "into a vein", "in eine Vene", "en una vena", "dans une veine", "静脈に" } },
  { "intramuscular|intramuscularly|injection, intramuscular|into a muscle",
    { "intramuscular", "intramuskulär", "vía intramuscular", "voie intramusculaire", "筋肉内" },
    { "into a muscle", "in einen Muskel", "en un músculo", "dans un muscle", "筋肉に" } },
  { "inhalation|inhaled|breathed in",
    { "inhalation", "Inhalation", "vía inhalatoria", "voie inhalée", "吸入" },
    { "breathed in", "einatmen", "inhalado", "à inhaler", "吸い込む" } },
  { "nasal|intranasal|in the nose",
    { "nasal", "nasal", "vía nasal", "voie nasale", "経鼻" },
    { "in the nose", "in die Nase", "en la nariz", "dans le nez", "鼻に" } },
  { "topical|cutaneous|on the skin",
    { "topical", "auf der Haut", "vía tópica", "voie cutanée", "皮膚外用" },
    { "on the skin", "auf die Haut", "sobre la piel", "sur la peau", "皮膚に" } },
  { "rectal|rectally|into the back passage",
    { "rectal", "rektal", "vía rectal", "voie rectale", "直腸内" },
    { "into the back passage", "in den After", "por el recto", "dans le rectum", "肛門に" } },
  { "vaginal|vaginally|per vagina|into the vagina",
    { "vaginal", "vaginal", "vía vaginal", "voie vaginale", "腟内" },
    { "into the vagina", "in die Scheide", "en la vagina", "dans le vagin", "腟に" } },
  { "ophthalmic|ocular|in the eye",
    { "ophthalmic", "am Auge", "vía oftálmica", "voie ophtalmique", "点眼" },
    { "in the eye", "in das Auge", "en el ojo", "dans l’œil", "目に" } },
  { "otic|auricular|in the ear",
    { "otic", "am Ohr", "vía ótica", "voie auriculaire", "点耳" },
    { "in the ear", "in das Ohr", "en el oído", "dans l’oreille", "耳に" } },
  { "transdermal",
    { "transdermal", "transdermal", "vía transdérmica", "voie transdermique", "経皮" },
    { "on the skin", "auf die Haut", "sobre la piel", "sur la peau", "皮膚に" } },
  { "sublingual|under the tongue",
    { "sublingual", "sublingual", "vía sublingual", "voie sublinguale", "舌下" },
    { "under the tongue", "unter die Zunge", "debajo de la lengua", "sous la langue",
      "舌の下に" } },
  { "buccal",
    { "buccal", "bukkal", "vía bucal (entre la encía y la mejilla)", "voie buccale", "バッカル" },
    { "between gum and cheek", "zwischen Zahnfleisch und Wange", "entre la encía y la mejilla",
      "entre la gencive et la joue", "歯ぐきとほおの間に" } },
  { "injection",
    { "injection", "Injektion", "inyección", "injection", "注射" },
    { "by injection", "als Spritze", "en inyección", "en injection", "注射で" } },
};

static const struct
{
  const char *code, *route;
} route_codes[] = {
  { "26643006", "oral" },        { "34206005", "subcutaneous" },
  { "47625008", "intravenous" }, { "78421000", "intramuscular" },
  { "46713006", "nasal" },       { "6064005", "topical" },
  { "37161004", "rectal" },      { "16857009", "vaginal" },
  { "54485002", "ophthalmic" },  { "10547007", "otic" },
  { "45890007", "transdermal" }, { "37839007", "sublingual" },
  { "54471007", "buccal" },      { "18679011000001101", "inhalation" },
};

static gboolean
has_name (const char *names, const char *text)
{
  gsize length = strlen (text);

  for (const char *at = names; at; at = strchr (at, '|') ? strchr (at, '|') + 1 : NULL)
    if (strncmp (at, text, length) == 0 && (at[length] == '\0' || at[length] == '|'))
      return TRUE;
  return FALSE;
}

static const Row *
find_row (const Row *rows, gsize n, const char *text)
{
  for (gsize i = 0; *text && i < n; i++)
    if (!strchr (text, '|') && has_name (rows[i].names, text))
      return &rows[i];
  return NULL;
}

static void
drop_suffix (char *text, const char *suffix)
{
  if (g_str_has_suffix (text, suffix))
    text[strlen (text) - strlen (suffix)] = '\0';
}

/* "{tablet}", "tablet(s)" and "Tablets" are "tablet"; a measure is found only as it is written, for
 * Mg is not mg. */
static const Row *
find_unit (const char *text)
{
  const Row *row = find_row (units, G_N_ELEMENTS (units), text);
  g_autofree char *plain = g_utf8_strdown (*text == '{' ? text + 1 : text, -1);

  if (row)
    return row;
  drop_suffix (plain, "}");
  drop_suffix (plain, "(s)");
  drop_suffix (plain, ".");
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].many[CLINICAL_LANGUAGE_EN], plain) == 0)
      return &units[i];
  /* two letters and less are a measure's, and those are no words */
  return strlen (plain) > 2 && !g_str_equal (plain, "mcg")
             ? find_row (units, G_N_ELEMENTS (units), plain)
             : NULL;
}

static const Row *
find_route (const char *text)
{
  g_autofree char *plain = g_utf8_strdown (text, -1);

  drop_suffix (plain, " (qualifier value)");
  drop_suffix (plain, " route");
  drop_suffix (plain, " use");
  return find_row (routes, G_N_ELEMENTS (routes), plain);
}

/**
 * clinical_vocabulary_find:
 * @text: (nullable): a word of a dosage, in English
 *
 * Returns: (nullable): the same in @language; NULL where there is no row for it: then the text
 *   stays as it was written, and the sentence says so
 */
const char *
clinical_vocabulary_find (ClinicalWordKind kind, ClinicalLanguage language, const char *text)
{
  g_autofree char *lower =
      text && g_utf8_validate (text, -1, NULL) ? g_utf8_strdown (text, -1) : NULL;
  const Row *row = NULL;

  if (!lower)
    return NULL;
  switch (kind)
    {
    case CLINICAL_WORD_UNIT:
    case CLINICAL_WORD_UNITS:
      row = find_unit (text);
      break;
    case CLINICAL_WORD_METHOD:
      row = find_row (methods, G_N_ELEMENTS (methods), lower);
      break;
    case CLINICAL_WORD_REASON:
      row = find_row (reasons, G_N_ELEMENTS (reasons), lower);
      break;
    case CLINICAL_WORD_ROUTE:
    case CLINICAL_WORD_ROUTE_PLAIN:
      row = find_route (text);
      break;
    case CLINICAL_WORD_OTHER:
      break;
    }
  if (!row)
    return NULL;
  return kind == CLINICAL_WORD_UNITS || kind == CLINICAL_WORD_ROUTE_PLAIN ? row->many[language]
                                                                          : row->one[language];
}

/**
 * clinical_vocabulary_get_route_of_code:
 * @snomed: (nullable): a code of SNOMED CT
 *
 * Returns: (nullable): the route's English name
 */
const char *
clinical_vocabulary_get_route_of_code (const char *snomed)
{
  for (gsize i = 0; snomed && i < G_N_ELEMENTS (route_codes); i++)
    if (g_str_equal (route_codes[i].code, snomed))
      return route_codes[i].route;
  return NULL;
}

/**
 * clinical_vocabulary_get_code_of_route:
 * @route: (nullable): a route's English name
 *
 * Returns: (nullable): its code of SNOMED CT, where one was seen
 */
const char *
clinical_vocabulary_get_code_of_route (const char *route)
{
  for (gsize i = 0; route && i < G_N_ELEMENTS (route_codes); i++)
    if (g_str_equal (route_codes[i].route, route))
      return route_codes[i].code;
  return NULL;
}
