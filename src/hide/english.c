/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"

/* Of one statement. */
#define MOST_BYTES 240

/* What ends what one says of oneself although no mark stands there. */
static const char *const turns[] = {" and i ", " and the ", " and he ",
    " and they ", " and we ", " and there ", " and every ", " and saw ",
    " and my ", " and park ", " and go ", " and pass ", " and walk ",
    " and jog ", " and run ", " and often ", " and always ",
    " and usually ", " and take ",
    " and drive ", " and want ", " and know ", " and can ", " so ", " but ",
    " because ", " when ", " where the ", " and a man", " and some",
    " and people", " and trucks", " i pass", " i see", " i saw", " i want",
    " i would", " i am ", " i have ", NULL};
/* … and what goes on behind a comma. */
static const char *const more[] = {"a ", "an ", "the ", "plate", "number",
    "room", "flat", "unit", "apartment", "building", "block", "just ", "right ",
    "next to", "next door", "opposite", "across", "above", "below", "behind",
    "near ", "in ", "at ", "on ", "aged", "age ", "no.", "house", "floor",
    "dorm", "from ", "class", "grade", "ward", "bed", "stall", "shop no",
    "called", "named", "living", "who ", "residing", "working", "born", "male",
    "female", "single", "married", NULL};

static bool
is_digit_comma(const struct hide_text *t, size_t i)
{
	return t->s[i] == ',' && i > 0 && hide_is_digit(t, i - 1) &&
	       hide_is_digit(t, i + 1);
}

/* Not the full stop of a sentence. */
static bool
is_inside(const struct hide_text *t, size_t i)
{
	return (t->s[i] == '.' &&
		   (hide_is_alnum(t, i + 1) || hide_before(t, i, " no") ||
		       hide_before(t, i, " st"))) ||
	       is_digit_comma(t, i);
}

/* consultant at Meridian Logistics */
static bool
is_post(const struct hide_text *t, size_t i)
{
	int words = 0;

	while (words < 3 && t->s[i] >= 'a' && t->s[i] <= 'z') {
		while (t->s[i] >= 'a' && t->s[i] <= 'z')
			i++;
		words++;
		if (hide_at(t, i, " at ") || hide_at(t, i, " with "))
			return words < 3;
		i += t->s[i] == ' ';
	}
	return false;
}

/* An address goes on with a capital: Building 3, Seaview Garden. */
static bool
goes_on(const struct hide_text *t, size_t i)
{
	char c;

	i = hide_skip_blank(t, i, t->len);
	c = t->original[t->at[i]];
	return hide_match(t, i, more) > 0 || hide_is_digit(t, i) ||
	       is_post(t, i) ||
	       (c >= 'A' && c <= 'Z' && !hide_at(t, i, "i "));
}

/* Where a statement about oneself from b ends; text.h's clauses know no
 * commas inside an address. */
static size_t
end_of_statement(const struct hide_text *t, size_t b)
{
	size_t e = b;

	for (;;) {
		while (e < t->len && e - b < MOST_BYTES &&
		       (!hide_ends_clause(t, e) || is_inside(t, e)) &&
		       !(e > b && hide_match(t, e, turns) > 0))
			e = hide_next(t, e);
		if (e >= t->len || e - b >= MOST_BYTES || t->s[e] != ',' ||
		    !goes_on(t, e + 1))
			return e;
		e++;
	}
}

/* Where a word starts. */
static bool
is_word_start(const struct hide_text *t, size_t i)
{
	return i == 0 || !hide_is_alnum(t, i - 1);
}

static bool
is_capital(const struct hide_text *t, size_t i)
{
	char c = t->original[t->at[i]];

	return c >= 'A' && c <= 'Z';
}

/* Behind the words from e that go on with a capital. */
static size_t
end_of_name(const struct hide_text *t, size_t e)
{
	while (hide_is_alnum(t, e) || (t->s[e] == ' ' && is_capital(t, e + 1)))
		e++;
	return e;
}

/* husband's name is …: bytes in front of the name; 0 = none. */
static size_t
kin_named(const struct hide_text *t, size_t i)
{
	static const char *const verbs[] = {" is ", "'s name is ",
	    "’s name is ", "'s full name is ", " is called ", " is named ",
	    " named ", " called ", NULL};
	static const char *const kin[] = {"husband", "wife", "son", "daughter",
	    "brother", "sister", "father", "mother", "uncle", "aunt",
	    "cousin", "nephew", "niece", "partner", "grandfather",
	    "grandmother", "boyfriend", "girlfriend", "mother-in-law",
	    "father-in-law", "dad", "mum", "mom", NULL};
	size_t n = hide_match(t, i, kin), v;

	v = n > 0 ? hide_match(t, i + n, verbs) : 0;
	return v > 0 ? n + v : 0;
}

/* My son studies at Hope Primary School, Class 3-2; behind the name, if from
 * is not i. */
static bool
take_kin_life(struct hide_text *t, size_t i, size_t from)
{
	static const char *const kin[] = {"son ", "daughter ", "kid ", "child ",
	    "husband ", "wife ", "father ", "mother ", "brother ", "sister ",
	    "parents ", "kids ", "children ", "boy ", "girl ", "uncle ",
	    "aunt ", "cousin ", "grandfather ", "grandmother ", "dad ", "mum ",
	    "mom ", "family ", "friend ", "classmate ", "roommate ",
	    "colleague ", "flatmate ", NULL};
	static const char *const lives[] = {"studies ", "study ", "attends ",
	    "attend ", "goes to ", "go to ", "is a student ", "is a pupil ",
	    "is in class", "is in grade", "works ", "work ", "teaches ",
	    "runs ", "run ", "owns ", "own ", "sells ", "sell ", "drives ",
	    "lives ", "live ", "is a ", "is an ", "keeps ", "rents ",
	    "is staying ", "is in hospital", "is in ward", NULL};
	size_t n = hide_match(t, i, kin), b = from > i ? from : i + n, e;

	if (n == 0)
		return false;
	/* my daughter Emily attends …: the name was hidden before. */
	if (is_capital(t, b)) {
		b = end_of_name(t, b);
		b = hide_skip_blank(t, b, t->len);
	}
	n = hide_match(t, b, lives);
	if (n == 0)
		return false;
	e = end_of_statement(t, b + n);
	hide_add(t, b, e);
	return true;
}

/* my husband Daniel, my daughter Ana goes … */
static bool
take_family(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const family[] = {"husband ", "wife ", "son ",
	    "daughter ", "brother ", "sister ", "father ", "mother ", "uncle ",
	    "aunt ", "cousin ", "nephew ", "niece ", "partner ", "fiance ",
	    "grandfather ", "grandmother ", "boyfriend ", "girlfriend ",
	    "friend ", "classmate ", "roommate ", "colleague ", "flatmate ",
	    "mother-in-law ", "father-in-law ", "brother-in-law ",
	    "sister-in-law ", "dad ", "mum ", "mom ", NULL};
	static const char *const whose[] = {", who ", " and she runs ",
	    " and he runs ", " and she works ", " and he works ",
	    " and she lives ", " and he lives ", ", she works ",
	    ", he works ", ", she lives ", ", he lives ", ", she runs ",
	    ", he runs ", NULL};
	size_t n = hide_match(t, i, family), e;

	/* my husband's name is …, my wife is called … */
	if (n == 0 || !is_capital(t, i + n))
		n = kin_named(t, i) > 0 ? kin_named(t, i) : n;
	e = i + n;
	/* A name has a capital. */
	if (n > 0 && hide_is_han(t, e)) {
		while (hide_is_han(t, e))
			e = hide_next(t, e);
		hide_learn_name(k, t, i + n, e);
		hide_add(t, i, e);
		return true;
	}
	if (n == 0 || !is_capital(t, e))
		return false;
	e = end_of_name(t, e);
	hide_learn(k, t->s + i + n, e - i - n, false);
	hide_add(t, i + n, e);
	/* my mother Wu Guifang, 68, sells … */
	if (t->s[e] == ',' && hide_is_digit(t, e + 2) &&
	    hide_is_digit(t, e + 3) && !hide_is_digit(t, e + 4)) {
		hide_add(t, e, e + 4);
		if (hide_at(t, e + 4, ", "))
			(void)take_kin_life(t, i, e + 6);
	}
	if (hide_match(t, e, whose) > 0)
		hide_add(
		    t, e, end_of_statement(t, e + hide_match(t, e, whose)));
	return true;
}

/* my red Wuling, plate Lu Z·W2208 */
static bool
take_vehicle(struct hide_text *t, size_t i)
{
	static const char *const plates[] = {", plate ", ", plate number ",
	    ", number plate ", ", license plate ", ", licence plate ",
	    " with plate ", NULL};
	size_t e = i, end;

	while (e < t->len && e - i < 30 && hide_match(t, e, plates) == 0 &&
	       !hide_ends_sentence(t, e))
		e++;
	if (e - i == 30 || hide_match(t, e, plates) == 0)
		return false;
	end = e + hide_match(t, e, plates);
	while (
	    end < t->len && end - i < MOST_BYTES && !hide_ends_clause(t, end))
		end = hide_next(t, end);
	hide_add(t, i - 3, end);
	return true;
}

/* my plate is …, my shop, the Blue Anchor …, my room number: … */
static bool
take_thing(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const things[] = {"name", "station", "stand",
	    "full name", "real name", "surname", "family name", "last name",
	    "first name", "nickname", "plate", "number plate", "license plate",
	    "licence plate", "car", "taxi", "truck", "van", "shop", "store",
	    "stall", "cafe", "bakery", "salon", "clinic", "studio", "gym",
	    "farm", "pharmacy", "bookshop", "diner", "guesthouse", "hostel",
	    "factory", "firm", "business", "practice", "kindergarten",
	    "restaurant", "bar", "hotel", "company", "office", "workplace",
	    "employer", "school", "room", "room number", "classroom",
	    "dormitory", "flat", "apartment", "house", "home", "home address",
	    "address", "unit", "door", "floor", "job", "profession",
	    "occupation", "age", "student number", "student id", "staff number",
	    "employee number", "employee id", "work number", "badge number",
	    "licence number", "license number", "card number", "badge", "id",
	    "id number", "passport", "passport number", "wechat", "email",
	    "e-mail", "qq", "handle", "username", NULL};
	static const char *const verbs[] = {" is called ", " is named ", " is ",
	    " number is ", " id is ", "'s name is ", ", ", ": ", " called ",
	    " named ", " at ", " on ", NULL};
	static const char *const manner[] = {"blocked", "always", "being",
	    "not ", "now ", "very", "so ", "full", "covered", "too ",
	    "no longer", "dirty", "damaged", "broken", "shaking", "unable",
	    "night", NULL};
	size_t n = hide_match(t, i, things), v = hide_match(t, i + n, verbs), e;

	if (n == 0)
		return take_vehicle(t, i);
	/* my bakery Sweet Oven refused */
	if (v == 0 && t->s[i + n] == ' ' && is_capital(t, i + n + 1) &&
	    !hide_at(t, i + n + 1, "i ")) {
		e = end_of_name(t, i + n + 1);
		hide_learn(k, t->s + i + n + 1, e - i - n - 1, false);
		hide_add(t, i + n + 1, e);
		return true;
	}
	if (v == 0 || hide_match(t, i + n + v, manner) > 0)
		return false;
	e = end_of_statement(t, i + n + v);
	if (hide_match(t, i, things) >= 4 && hide_at(t, i + n - 4, "name"))
		hide_learn(k, t->s + i + n + v, e - i - n - v, false);
	hide_add(t, hide_before(t, i, "our ") ? i - 4 : i - 3, e);
	return true;
}

/* As a teacher at …, I pass by daily. */
static bool
take_capacity(struct hide_text *t, size_t i)
{
	static const char *const heads[] = {
	    "as a ", "as an ", "as the ", "as one of ", NULL};
	static const char *const selves[] = {"i ", "we ", "my ", "i'", NULL};
	size_t n = hide_match(t, i, heads), e = i + n;

	if (n == 0 || (i > 0 && !hide_ends_clause(t, hide_prev(t, i)) &&
			  t->s[i - 1] != ' '))
		return false;
	while (e < t->len && e - i < MOST_BYTES && !hide_ends_clause(t, e) &&
	       !(t->s[e] == ' ' && hide_match(t, e + 1, selves) > 0))
		e++;
	if (hide_match(t, hide_skip_blank(t, e + (t->s[e] == ','), t->len),
		selves) == 0)
		return false;
	hide_add(t, i + hide_at(t, i, "as ") * 3, e);
	return true;
}

/* I am …, we run …: how one lives, not what one does or wants now. */
static bool
take_statement(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const selves[] = {"i ", "we ", "i am ", "i'm ",
	    "i’m ", "we are ", "we're ", "i have ", "i've ", "i was ",
	    "we have ", "this is ", "i used to ", "i also ", "i just ",
	    "i currently ", "i now ", "my family and i ", "my parents ",
	    "my family ", "my husband ", "my wife ", "my father ", "my mother ",
	    "my brother ", "my sister ", "my wife and i ", "my husband and i ",
	    NULL};
	static const char *const lives[] = {"live ", "lived ", "living ",
	    "work ", "worked ", "working ", "run ", "own ", "rent ", "drive ",
	    "teach ", "taught ", "study ", "sell ", "manage ", "keep a ",
	    "operate ", "clean ", "cook ", "deliver ", "stay at ", "stay in ",
	    "guard ", "farm ", "fish ", "repair ", "come from ", "was born",
	    "born ", "grew up ", "moved ", "volunteer ", "serve ", "attend ",
	    "go to school", "be a ", "be an ", "be the ", "go to university",
	    "go to college", "go to work", "owns ", "runs ", "works ",
	    "teaches ", "drives ", "sells ", "lives ", "graduated ",
	    "been working ", "been living ", "been a ", "been an ",
	    "been teaching ", "been driving ", "been running ", "park my ",
	    NULL};
	static const char *const manner[] = {"writing", "reporting", "sorry",
	    "afraid", "not ", "very ", "so ", "here", "sending", "complaining",
	    "going", "worried", "concerned", "sure", "aware", "told", "asking",
	    "happy", "angry", "tired", "attaching", "to ", "about", "the place",
	    "where", "what", "how", "a crime", "illegal", "it ", "unable",
	    "willing", "certain", "just ", "only ", "beaten", "threatened",
	    "attacked", "robbed", "stopped", "hit ", "pushed", "being", "ready",
	    "able", "grateful", "sick", "scared", "still", "on my way",
	    "walking", "fed up", "outraged", "trying", "hoping", "looking",
	    NULL};
	size_t n = hide_match(t, i, selves), e, b = i + n;
	bool copula =
	    n >= 4 &&
	    (hide_at(t, b - 4, " am ") || hide_at(t, b - 3, "'m ") ||
		hide_at(t, b - 5, "’m ") || hide_at(t, b - 5, " are ") ||
		hide_at(t, b - 4, "'re ") || hide_at(t, i, "this is "));

	if (n == 0)
		return false;
	if (hide_at(t, i, "this is ") && i > 0 && t->s[i - 1] != '\n')
		return false;
	if (copula ? hide_match(t, b, manner) > 0
		   : hide_match(t, b, lives) == 0)
		return false;
	e = end_of_statement(t, copula ? b : b + hide_match(t, b, lives));
	if (hide_is_english_name(t, b, e))
		hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
	return true;
}

/* Name's Jiahao, phone …: at the start of a sentence. */
static bool
take_name_label(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const labels[] = {
	    "name's ", "name’s ", "name is ", "name: ", "full name: ", NULL};
	size_t n = hide_match(t, i, labels), e = i + n;

	if (n == 0 || !is_capital(t, e) ||
	    (i > 0 && !hide_ends_clause(t, i - 1) &&
		(i < 2 || !hide_ends_clause(t, i - 2))))
		return false;
	e = end_of_name(t, e);
	hide_learn(k, t->s + i + n, e - i - n, false);
	hide_add(t, i, e);
	return true;
}

/* Address: 88 Jinxiu Road */
static bool
take_address_label(struct hide_text *t, size_t i)
{
	static const char *const labels[] = {"address: ", "home address: ",
	    "room: ", "unit: ", "employer: ", "school: ", "company: ",
	    "occupation: ", "job: ", "age: ", NULL};
	size_t n = hide_match(t, i, labels), e;

	if (n == 0 || (i > 0 && t->s[i - 1] != '\n' && t->s[i - 1] != ' '))
		return false;
	for (e = i + n; e < t->len && t->s[e] != '\n' && t->s[e] != '.' &&
			e - i < 80;)
		e = hide_next(t, e);
	if (hide_section_at(t, i) == OWNER_OTHER)
		return false;
	hide_add(t, i, e);
	return true;
}

/* everyone calls me Annie */
static bool
take_called(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const calls[] = {
	    "calls me ", "call me ", "known as ", "knows me as ", NULL};
	size_t n = hide_match(t, i, calls), e = i + n;

	if (n == 0 || !is_capital(t, e))
		return false;
	e = end_of_name(t, e);
	hide_learn(k, t->s + i + n, e - i - n, false);
	hide_add(t, i + n, e);
	return true;
}

/* My mother-in-law asked me to write. She is …, and runs …. */
static bool
take_their_kin(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const selves[] = {"she is ", "he is ", "she's ",
	    "he's ", NULL};
	static const char *const asks[] = {" asked me ", " asks me ",
	    " wants me to ", " told me to ", "我替他写", "我替她写", "我帮他写",
	    "我帮她写", NULL};
	static const char *const goes[] = {", and runs ", ", and lives ",
	    ", and works ", ", runs ", ", lives ", ", works ", NULL};
	size_t n = hide_match(t, i, selves), b = i, e;

	/* The sentence in front. */
	while (n > 0 && b > 0 && i - b < MOST_BYTES &&
	       !hide_at(t, b, "my ") && !hide_at(t, b, "我"))
		b--;
	if (n == 0 || (!hide_at(t, b, "my ") && !hide_at(t, b, "我")) ||
	    hide_find_any(t, b, i, asks) == i)
		return false;
	e = end_of_statement(t, i + n);
	if (hide_match(t, e, goes) > 0)
		e = end_of_statement(t, e + hide_match(t, e, goes));
	for (b = i + n; hide_is_alnum(t, b) || t->s[b] == ' ';)
		b++;
	if (hide_is_english_name(t, i + n, b))
		hide_learn(k, t->s + i + n, b - i - n, false);
	hide_add(t, i + n, e);
	return true;
}

/* …. Regards, Tom Baker: at the very end. */
static bool
take_closing(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const closings[] = {"regards, ", "sincerely, ",
	    "thanks, ", "thank you, ", "yours, ", "truly, ", "respectfully, ",
	    NULL};
	size_t n = hide_match(t, i, closings), b = i + n, e = b;

	if (n == 0 || !is_capital(t, b) || t->len - b > 40)
		return false;
	while (e < t->len && (hide_is_alnum(t, e) || t->s[e] == ' '))
		e++;
	if (e + 1 < t->len)
		return false;
	e = hide_trim_end(t, b, e);
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
	return true;
}

/* Contact: Mrs. Xiang, ask for Mr. Lin */
static bool
take_contact(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const heads[] = {"contact: ", "contact person: ",
	    "contact name: ", "reporter: ", "sender: ", "signed: ",
	    "signed by ", "ask for ", "please contact ", "contact ", NULL};
	static const char *const titles[] = {"mrs. ", "mrs ", "mr. ", "mr ",
	    "ms. ", "ms ", "miss ", "dr. ", "dr ", "prof. ", NULL};
	size_t n = hide_match(t, i, heads), b = i + n, e;

	if (n == 0)
		return false;
	e = b + hide_match(t, b, titles);
	/* …, phone 139…, ask for Oksana */
	if (e == b && hide_at(t, i, "ask for ") && hide_before(t, i, ", ") &&
	    is_capital(t, e)) {
		hide_add(t, b, end_of_name(t, e));
		return true;
	}
	if (!is_capital(t, e) ||
	    (e == b && t->s[i + n - 2] != ':' && !hide_at(t, i, "signed")))
		return false;
	e = end_of_name(t, e);
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
	return true;
}

bool
hide_english_at(struct hide_text *t, struct hide_known *k, size_t i)
{
	char c = t->s[i];

	if ((c == 'r' || c == 's' || c == 't' || c == 'y') &&
	    is_word_start(t, i) && take_closing(t, k, i))
		return true;
	if ((c == 'c' || c == 'r' || c == 's' || c == 'a' || c == 'p') &&
	    is_word_start(t, i) && take_contact(t, k, i))
		return true;
	if ((c == 'c' || c == 'k') && is_word_start(t, i) &&
	    take_called(t, k, i))
		return true;
	if (strchr("ahruescoj", c) != NULL && c != '\0' &&
	    is_word_start(t, i) && take_address_label(t, i))
		return true;
	if (c == 'o' && is_word_start(t, i) && hide_at(t, i, "our "))
		return take_family(t, k, i + 4) ||
		       take_kin_life(t, i + 4, i + 4) ||
		       take_thing(t, k, i + 4);
	if ((c == 'n' || c == 's' || c == 'h') && is_word_start(t, i))
		return take_name_label(t, k, i) || take_their_kin(t, k, i);
	if ((c != 'i' && c != 'w' && c != 'm' && c != 'a' && c != 't') ||
	    !is_word_start(t, i))
		return false;
	if (hide_at(t, i, "my ")) {
		bool named = take_family(t, k, i + 3);

		return take_kin_life(t, i + 3, i + 3) || named ||
		       take_thing(t, k, i + 3) || take_statement(t, k, i);
	}
	return take_capacity(t, i) || take_statement(t, k, i);
}
