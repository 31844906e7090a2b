/* SPDX-License-Identifier: ISC */
#include "parse/charset_more.h"

#include <string.h>

/*
 * What else glibc decodes, with its own names for it: rare in mail, but a
 * label that is right must not end in a guess.  A name that this system's
 * glibc does not have is left out when the converters are opened.  None of
 * ISO-2022-CN-EXT, see charset_table.c.
 */
static const struct {
	struct charset charset;
	const char *aliases; /* reduced, see charset_find() */
} more[] = {
    {{"ansi_x3.110", "ANSI_X3.110", KIND_SINGLE},
	"ansix31101983 csat500 csat5001983 csiso99naplps isoir99 "
	"naplps"},
    {{"armscii-8", "ARMSCII-8", KIND_SINGLE}, ""},
    {{"asmo_449", "ASMO_449", KIND_SINGLE},
	"arabic7 csiso89asmo449 iso9036 isoir89"},
    {{"brf", "BRF", KIND_SINGLE}, ""},
    {{"bs_4730", "BS_4730", KIND_SINGLE},
	"csiso4unitedkingdom iso646gb isoir4"},
    {{"cp10007", "CP10007", KIND_SINGLE}, "msmaccyrillic"},
    {{"cp1125", "CP1125", KIND_SINGLE}, "ibm848 ruscii"},
    {{"cp737", "CP737", KIND_SINGLE}, ""},
    {{"cp770", "CP770", KIND_SINGLE}, ""},
    {{"cp771", "CP771", KIND_SINGLE}, ""},
    {{"cp772", "CP772", KIND_SINGLE}, ""},
    {{"cp773", "CP773", KIND_SINGLE}, ""},
    {{"cp774", "CP774", KIND_SINGLE}, ""},
    {{"cp775", "CP775", KIND_SINGLE}, "cspc775baltic ibm775"},
    {{"csa_z243.4-1985-1", "CSA_Z243.4-1985-1", KIND_SINGLE},
	"csa71 csiso121canadian1 iso646ca isoir121"},
    {{"csa_z243.4-1985-2", "CSA_Z243.4-1985-2", KIND_SINGLE},
	"csa72 csiso122canadian2 iso646ca2 isoir122"},
    {{"csn_369103", "CSN_369103", KIND_SINGLE}, "csiso139csn369103 isoir139"},
    {{"cwi", "CWI", KIND_SINGLE}, "cphu cwi2"},
    {{"dec-mcs", "DEC-MCS", KIND_SINGLE}, "csdecmcs"},
    {{"din_66003", "DIN_66003", KIND_SINGLE}, "csiso21german iso646de isoir21"},
    {{"ds_2089", "DS_2089", KIND_SINGLE}, "csiso646danish iso646dk"},
    {{"ebcdic-at-de", "EBCDIC-AT-DE", KIND_SINGLE}, "csebcdicatde"},
    {{"ebcdic-at-de-a", "EBCDIC-AT-DE-A", KIND_SINGLE}, "csebcdicatdea"},
    {{"ebcdic-ca-fr", "EBCDIC-CA-FR", KIND_SINGLE}, "csebcdiccafr"},
    {{"ebcdic-dk-no", "EBCDIC-DK-NO", KIND_SINGLE}, "csebcdicdkno"},
    {{"ebcdic-dk-no-a", "EBCDIC-DK-NO-A", KIND_SINGLE}, "csebcdicdknoa"},
    {{"ebcdic-es", "EBCDIC-ES", KIND_SINGLE}, "csebcdices"},
    {{"ebcdic-es-a", "EBCDIC-ES-A", KIND_SINGLE}, "csebcdicesa"},
    {{"ebcdic-es-s", "EBCDIC-ES-S", KIND_SINGLE}, "csebcdicess"},
    {{"ebcdic-fi-se", "EBCDIC-FI-SE", KIND_SINGLE}, "csebcdicfise"},
    {{"ebcdic-fi-se-a", "EBCDIC-FI-SE-A", KIND_SINGLE}, "csebcdicfisea"},
    {{"ebcdic-fr", "EBCDIC-FR", KIND_SINGLE}, "csebcdicfr"},
    {{"ebcdic-is-friss", "EBCDIC-IS-FRISS", KIND_SINGLE}, ""},
    {{"ebcdic-it", "EBCDIC-IT", KIND_SINGLE}, "csebcdicit"},
    {{"ebcdic-pt", "EBCDIC-PT", KIND_SINGLE}, "csebcdicpt"},
    {{"ebcdic-uk", "EBCDIC-UK", KIND_SINGLE}, "csebcdicuk"},
    {{"ebcdic-us", "EBCDIC-US", KIND_SINGLE}, "csebcdicus"},
    {{"ecma-cyrillic", "ECMA-CYRILLIC", KIND_SINGLE},
	"csiso111ecmacyrillic isoir111"},
    {{"es", "ES", KIND_SINGLE}, "csiso17spanish iso646es isoir17"},
    {{"es2", "ES2", KIND_SINGLE}, "csiso85spanish2 iso646es2 isoir85"},
    {{"euc-jisx0213", "EUC-JISX0213", KIND_MULTI}, ""},
    {{"gb_1988-80", "GB_1988-80", KIND_SINGLE},
	"csiso58gb1988 iso646cn isoir57"},
    {{"georgian-academy", "GEORGIAN-ACADEMY", KIND_SINGLE}, ""},
    {{"georgian-ps", "GEORGIAN-PS", KIND_SINGLE}, ""},
    {{"gost_19768-74", "GOST_19768-74", KIND_SINGLE},
	"csiso153gost1976874 gost19768 isoir153 stsev35888"},
    {{"greek-ccitt", "GREEK-CCITT", KIND_SINGLE},
	"csiso150 csiso150greekccitt isoir150"},
    {{"greek7", "GREEK7", KIND_SINGLE}, "csiso88greek7 isoir88"},
    {{"greek7-old", "GREEK7-OLD", KIND_SINGLE}, "csiso18greek7old isoir18"},
    {{"hp-greek8", "HP-GREEK8", KIND_SINGLE}, "osf10010004"},
    {{"hp-roman8", "HP-ROMAN8", KIND_SINGLE}, "cshproman8 osf10010001 roman8"},
    {{"hp-roman9", "HP-ROMAN9", KIND_SINGLE}, "roman9"},
    {{"hp-thai8", "HP-THAI8", KIND_SINGLE}, "thai8"},
    {{"hp-turkish8", "HP-TURKISH8", KIND_SINGLE}, "osf10010006 turkish8"},
    {{"ibm037", "IBM037", KIND_SINGLE},
	"cp037 cp1070 cp282 csibm037 ebcdiccpca ebcdiccpnl "
	"ebcdiccpus ebcdiccpwt osf10020025"},
    {{"ibm038", "IBM038", KIND_SINGLE}, "cp038 csibm038 ebcdicint"},
    {{"ibm1004", "IBM1004", KIND_SINGLE}, "cp1004 os2latin1"},
    {{"ibm1008", "IBM1008", KIND_SINGLE}, "cp1008 csibm1008"},
    {{"ibm1025", "IBM1025", KIND_SINGLE}, "cp1025 csibm1025"},
    {{"ibm1026", "IBM1026", KIND_SINGLE}, "1026 cp1026 csibm1026 osf10020402"},
    {{"ibm1046", "IBM1046", KIND_SINGLE}, "1046 cp1046"},
    {{"ibm1047", "IBM1047", KIND_SINGLE}, "1047 cp1047 osf10020417"},
    {{"ibm1097", "IBM1097", KIND_SINGLE}, "cp1097 csibm1097"},
    {{"ibm1112", "IBM1112", KIND_SINGLE}, "cp1112 csibm1112"},
    {{"ibm1122", "IBM1122", KIND_SINGLE}, "cp1122 csibm1122"},
    {{"ibm1123", "IBM1123", KIND_SINGLE}, "cp1123 csibm1123"},
    {{"ibm1124", "IBM1124", KIND_SINGLE}, "cp1124 csibm1124"},
    {{"ibm1129", "IBM1129", KIND_SINGLE}, "cp1129 csibm1129"},
    {{"ibm1130", "IBM1130", KIND_SINGLE}, "cp1130 csibm1130"},
    {{"ibm1132", "IBM1132", KIND_SINGLE}, "cp1132 csibm1132"},
    {{"ibm1133", "IBM1133", KIND_SINGLE}, "cp1133 csibm1133"},
    {{"ibm1137", "IBM1137", KIND_SINGLE}, "cp1137 csibm1137"},
    {{"ibm1140", "IBM1140", KIND_SINGLE}, "cp1140 csibm1140"},
    {{"ibm1141", "IBM1141", KIND_SINGLE}, "cp1141 csibm1141"},
    {{"ibm1142", "IBM1142", KIND_SINGLE}, "cp1142 csibm1142"},
    {{"ibm1143", "IBM1143", KIND_SINGLE}, "cp1143 csibm1143"},
    {{"ibm1144", "IBM1144", KIND_SINGLE}, "cp1144 csibm1144"},
    {{"ibm1145", "IBM1145", KIND_SINGLE}, "cp1145 csibm1145"},
    {{"ibm1146", "IBM1146", KIND_SINGLE}, "cp1146 csibm1146"},
    {{"ibm1147", "IBM1147", KIND_SINGLE}, "cp1147 csibm1147"},
    {{"ibm1148", "IBM1148", KIND_SINGLE}, "cp1148 csibm1148"},
    {{"ibm1149", "IBM1149", KIND_SINGLE}, "cp1149 csibm1149"},
    {{"ibm1153", "IBM1153", KIND_SINGLE}, "cp1153 csibm1153"},
    {{"ibm1154", "IBM1154", KIND_SINGLE}, "cp1154 csibm1154"},
    {{"ibm1155", "IBM1155", KIND_SINGLE}, "cp1155 csibm1155"},
    {{"ibm1156", "IBM1156", KIND_SINGLE}, "cp1156 csibm1156"},
    {{"ibm1157", "IBM1157", KIND_SINGLE}, "cp1157 csibm1157"},
    {{"ibm1158", "IBM1158", KIND_SINGLE}, "cp1158 csibm1158"},
    {{"ibm1160", "IBM1160", KIND_SINGLE}, "cp1160 csibm1160"},
    {{"ibm1161", "IBM1161", KIND_SINGLE}, "cp1161 csibm1161"},
    {{"ibm1162", "IBM1162", KIND_SINGLE}, "cp1162 csibm11621162"},
    {{"ibm1163", "IBM1163", KIND_SINGLE}, "cp1163 csibm1163"},
    {{"ibm1164", "IBM1164", KIND_SINGLE}, "cp1164 csibm1164"},
    {{"ibm1166", "IBM1166", KIND_SINGLE}, "cp1166 csibm1166"},
    {{"ibm1167", "IBM1167", KIND_SINGLE}, "cp1167 csibm1167"},
    {{"ibm12712", "IBM12712", KIND_SINGLE}, "cp12712 csibm12712"},
    {{"ibm1364", "IBM1364", KIND_MULTI}, "cp1364 csibm1364"},
    {{"ibm1371", "IBM1371", KIND_MULTI}, "cp1371 csibm1371"},
    {{"ibm1388", "IBM1388", KIND_MULTI}, "cp1388 csibm1388"},
    {{"ibm1390", "IBM1390", KIND_MULTI}, "cp1390 csibm1390"},
    {{"ibm1399", "IBM1399", KIND_MULTI}, "cp1399 csibm1399"},
    {{"ibm16804", "IBM16804", KIND_SINGLE}, "cp16804 csibm16804"},
    {{"ibm256", "IBM256", KIND_SINGLE}, "ebcdicint1"},
    {{"ibm273", "IBM273", KIND_SINGLE}, "cp273 csibm273 osf10020111"},
    {{"ibm274", "IBM274", KIND_SINGLE}, "cp274 csibm274 ebcdicbe"},
    {{"ibm275", "IBM275", KIND_SINGLE}, "cp275 csibm275 ebcdicbr"},
    {{"ibm277", "IBM277", KIND_SINGLE},
	"csibm277 ebcdiccpdk ebcdiccpno osf10020115"},
    {{"ibm278", "IBM278", KIND_SINGLE},
	"cp278 csibm278 ebcdiccpfi ebcdiccpse osf10020116"},
    {{"ibm280", "IBM280", KIND_SINGLE},
	"cp280 csibm280 ebcdiccpit osf10020118"},
    {{"ibm281", "IBM281", KIND_SINGLE}, "cp281 csibm281 ebcdicjpe"},
    {{"ibm284", "IBM284", KIND_SINGLE},
	"cp1079 cp284 csibm284 ebcdiccpes osf1002011c"},
    {{"ibm285", "IBM285", KIND_SINGLE},
	"cp285 csibm285 ebcdiccpgb osf1002011d"},
    {{"ibm290", "IBM290", KIND_SINGLE},
	"cp290 csibm290 ebcdicjpkana osf10020122"},
    {{"ibm297", "IBM297", KIND_SINGLE},
	"cp1081 cp297 csibm297 ebcdiccpfr osf10020129"},
    {{"ibm420", "IBM420", KIND_SINGLE},
	"cp420 csibm420 ebcdiccpar1 osf100201a4"},
    {{"ibm423", "IBM423", KIND_SINGLE}, "cp423 csibm423 ebcdiccpgr"},
    {{"ibm424", "IBM424", KIND_SINGLE},
	"cp424 csibm424 ebcdiccphe osf100201a8"},
    {{"ibm4517", "IBM4517", KIND_SINGLE}, "cp4517 csibm4517"},
    {{"ibm4899", "IBM4899", KIND_SINGLE}, "cp4899 csibm4899"},
    {{"ibm4909", "IBM4909", KIND_SINGLE}, "cp4909 csibm4909"},
    {{"ibm4971", "IBM4971", KIND_SINGLE}, "cp4971 csibm4971"},
    {{"ibm500", "IBM500", KIND_SINGLE},
	"500v1 cp1084 cp500 csibm500 ebcdiccpbe ebcdiccpch "
	"osf100201f4"},
    {{"ibm5347", "IBM5347", KIND_SINGLE}, "cp5347 csibm5347"},
    {{"ibm803", "IBM803", KIND_SINGLE}, "cp803 csibm803"},
    {{"ibm851", "IBM851", KIND_SINGLE}, "cp851 csibm851"},
    {{"ibm855", "IBM855", KIND_SINGLE}, "cp855 csibm855 osf10020357"},
    {{"ibm856", "IBM856", KIND_SINGLE}, "cp856 csibm856"},
    {{"ibm857", "IBM857", KIND_SINGLE}, "cp857 csibm857 osf10020359"},
    {{"ibm858", "IBM858", KIND_SINGLE}, "cp858 cspc858multilingual"},
    {{"ibm860", "IBM860", KIND_SINGLE}, "cp860 csibm860"},
    {{"ibm861", "IBM861", KIND_SINGLE}, "cp861 cpibm861 osf1002035d"},
    {{"ibm862", "IBM862", KIND_SINGLE}, "cp862 cspc862latinhebrew osf1002035e"},
    {{"ibm863", "IBM863", KIND_SINGLE}, "cp863 csibm863 osf1002035f"},
    {{"ibm864", "IBM864", KIND_SINGLE}, "cp864 csibm864 osf10020360"},
    {{"ibm865", "IBM865", KIND_SINGLE}, "cp865 csibm865"},
    {{"ibm866nav", "IBM866NAV", KIND_SINGLE}, "866nav cp866nav"},
    {{"ibm868", "IBM868", KIND_SINGLE}, "cp868 cpar csibm868 osf10020364"},
    {{"ibm869", "IBM869", KIND_SINGLE}, "cp869 cpgr csibm869 osf10020365"},
    {{"ibm870", "IBM870", KIND_SINGLE},
	"cp870 csibm870 ebcdiccproece ebcdiccpyu osf10020366"},
    {{"ibm871", "IBM871", KIND_SINGLE},
	"cp871 csibm871 ebcdiccpis osf10020367"},
    {{"ibm875", "IBM875", KIND_SINGLE}, "cp875 ebcdicgreek osf1002036b"},
    {{"ibm880", "IBM880", KIND_SINGLE},
	"cp880 csibm880 ebcdiccyrillic osf10020370"},
    {{"ibm891", "IBM891", KIND_SINGLE}, "cp891 csibm891 osf1002037b"},
    {{"ibm901", "IBM901", KIND_SINGLE}, "cp901 csibm901"},
    {{"ibm902", "IBM902", KIND_SINGLE}, "cp902 csibm902"},
    {{"ibm903", "IBM903", KIND_SINGLE}, "cp903 csibm903 osf10020387"},
    {{"ibm9030", "IBM9030", KIND_SINGLE}, "cp9030 csibm9030"},
    {{"ibm904", "IBM904", KIND_SINGLE}, "cp904 csibm904 osf10020388"},
    {{"ibm905", "IBM905", KIND_SINGLE}, "cp905 csibm905 ebcdiccptr"},
    {{"ibm9066", "IBM9066", KIND_SINGLE}, "cp9066 csibm9066"},
    {{"ibm918", "IBM918", KIND_SINGLE},
	"cp918 csibm918 ebcdiccpar2 osf10020396"},
    {{"ibm921", "IBM921", KIND_SINGLE}, "cp921 csibm921"},
    {{"ibm922", "IBM922", KIND_SINGLE}, "cp922 csibm922"},
    {{"ibm930", "IBM930", KIND_MULTI}, "cp930 csibm930"},
    {{"ibm932", "IBM932", KIND_MULTI}, "csibm932"},
    {{"ibm933", "IBM933", KIND_MULTI}, "cp933 csibm933"},
    {{"ibm935", "IBM935", KIND_MULTI}, "cp935 csibm935"},
    {{"ibm937", "IBM937", KIND_MULTI}, "cp937 csibm937"},
    {{"ibm939", "IBM939", KIND_MULTI}, "cp939 csibm939"},
    {{"ibm9448", "IBM9448", KIND_SINGLE}, "cp9448 csibm9448"},
    {{"iec_p27-1", "IEC_P27-1", KIND_SINGLE}, "csiso143iecp271 isoir143"},
    {{"inis", "INIS", KIND_SINGLE}, "csiso49inis isoir49"},
    {{"inis-8", "INIS-8", KIND_SINGLE}, "csiso50inis8 isoir50"},
    {{"inis-cyrillic", "INIS-CYRILLIC", KIND_SINGLE},
	"csiso51iniscyrillic isoir51"},
    {{"isiri-3342", "ISIRI-3342", KIND_SINGLE}, ""},
    {{"iso-8859-9e", "ISO-8859-9E", KIND_SINGLE}, ""},
    {{"iso-ir-197", "ISO-IR-197", KIND_SINGLE}, ""},
    {{"iso-ir-209", "ISO-IR-209", KIND_SINGLE}, ""},
    {{"iso_10367-box", "ISO_10367-BOX", KIND_SINGLE}, "csiso10367box isoir155"},
    {{"iso_11548-1", "ISO_11548-1", KIND_SINGLE}, "isotr115481"},
    {{"iso_2033", "ISO_2033", KIND_SINGLE},
	"csiso2033 e13b iso20331983 isoir98"},
    {{"iso_5427", "ISO_5427", KIND_SINGLE}, "csiso5427cyrillic isoir37 koi7"},
    {{"iso_5427-ext", "ISO_5427-EXT", KIND_SINGLE},
	"csiso5427cyrillic1981 iso54271981 isoir54"},
    {{"iso_5428", "ISO_5428", KIND_SINGLE},
	"csiso5428greek iso54281980 isoir55"},
    {{"iso_6937", "ISO_6937", KIND_SINGLE}, "iso69371992 isoir156"},
    {{"iso_6937-2", "ISO_6937-2", KIND_SINGLE}, "csiso90 iso693721983 isoir90"},
    {{"it", "IT", KIND_SINGLE}, "csiso15italian iso646it isoir15"},
    {{"jis_c6220-1969-ro", "JIS_C6220-1969-RO", KIND_SINGLE},
	"csiso14jisc6220ro iso646jp isoir14"},
    {{"jis_c6229-1984-b", "JIS_C6229-1984-B", KIND_SINGLE},
	"csiso92jisc62991984b iso646jpocrb isoir92 jpocrb"},
    {{"jus_i.b1.002", "JUS_I.B1.002", KIND_SINGLE},
	"csiso141jusib1002 iso646yu isoir141"},
    {{"koi8-t", "KOI8-T", KIND_SINGLE}, ""},
    {{"ksc5636", "KSC5636", KIND_SINGLE}, "csksc5636 iso646kr"},
    {{"latin-greek", "LATIN-GREEK", KIND_SINGLE}, "csiso19latingreek isoir19"},
    {{"latin-greek-1", "LATIN-GREEK-1", KIND_SINGLE},
	"csiso27latingreek1 isoir27"},
    {{"mac-centraleurope", "MAC-CENTRALEUROPE", KIND_SINGLE}, "cp1282"},
    {{"mac-is", "MAC-IS", KIND_SINGLE}, ""},
    {{"mac-sami", "MAC-SAMI", KIND_SINGLE}, ""},
    {{"mac-uk", "MAC-UK", KIND_SINGLE}, "macukrainian"},
    {{"mik", "MIK", KIND_SINGLE}, ""},
    {{"msz_7795.3", "MSZ_7795.3", KIND_SINGLE},
	"csiso86hungarian iso646hu isoir86"},
    {{"nats-dano", "NATS-DANO", KIND_SINGLE}, "csnatsdano isoir91"},
    {{"nats-sefi", "NATS-SEFI", KIND_SINGLE}, "csnatssefi isoir81"},
    {{"nc_nc00-10", "NC_NC00-10", KIND_SINGLE},
	"csiso151cuba cuba iso646cu isoir151 ncnc001081"},
    {{"nf_z_62-010", "NF_Z_62-010", KIND_SINGLE},
	"csiso69french iso646fr isoir69"},
    {{"nf_z_62-010_1973", "NF_Z_62-010_1973", KIND_SINGLE},
	"csiso25french iso646fr1 isoir25"},
    {{"ns_4551-1", "NS_4551-1", KIND_SINGLE},
	"csiso60danishnorwegian csiso60norwegian1 iso646no isoir60"},
    {{"ns_4551-2", "NS_4551-2", KIND_SINGLE},
	"csiso61norwegian2 iso646no2 isoir61"},
    {{"pt", "PT", KIND_SINGLE}, "csiso16portugese iso646pt isoir16"},
    {{"pt154", "PT154", KIND_SINGLE}, ""},
    {{"pt2", "PT2", KIND_SINGLE}, "csiso84portuguese2 iso646pt2 isoir84"},
    {{"rk1048", "RK1048", KIND_SINGLE}, "strk10482002"},
    {{"sen_850200_b", "SEN_850200_B", KIND_SINGLE},
	"csiso10swedish iso646fi iso646se isoir10 ss636127"},
    {{"sen_850200_c", "SEN_850200_C", KIND_SINGLE},
	"csiso11swedishfornames iso646se2 isoir11"},
    {{"shift_jisx0213", "Shift_JISX0213", KIND_SINGLE}, ""},
    {{"t.61-8bit", "T.61-8BIT", KIND_SINGLE}, "csiso103t618bit isoir103"},
    {{"tscii", "TSCII", KIND_MULTI}, ""},
    {{"win-sami-2", "WIN-SAMI-2", KIND_SINGLE}, ""},
};

size_t
charset_more_count(void)
{
	return sizeof(more) / sizeof(more[0]);
}

const struct charset *
charset_more_get(size_t i)
{
	return &more[i].charset;
}

/* Whether a reduced name is the one that a charset is called by, reduced. */
static bool
is_called(const char *called, const char *name)
{
	for (; *called != '\0'; called++) {
		bool counts = (*called >= 'a' && *called <= 'z') ||
			      (*called >= '0' && *called <= '9');

		if (counts && *called != *name)
			return false;
		name += counts;
	}
	return *name == '\0';
}

/* Whether a list of words has this one. */
static bool
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at += n)
		if ((at == list || at[-1] == ' ') &&
		    (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

size_t
charset_more_find(const char *name)
{
	for (size_t i = 0; i < charset_more_count(); i++)
		if (is_called(more[i].charset.name, name) ||
		    has_word(more[i].aliases, name))
			return i;
	return charset_more_count();
}
