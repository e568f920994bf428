// Pure. Months by their names in English and German.

const NAMES = [
  "jan,january,januar,jän,jänner",
  "feb,february,februar,feber",
  "mar,march,mär,mrz,märz",
  "apr,april",
  "may,mai",
  "jun,june,juni",
  "jul,july,juli",
  "aug,august",
  "sep,sept,september",
  "oct,october,okt,oktober",
  "nov,november",
  "dec,december,dez,dezember",
];
const months = new Map(NAMES.flatMap((names, index) => names.split(",").map((name) => [name, index + 1])));

/** @returns 1 to 12; undefined where it is no month's name */
export function monthOf(name: string): number | undefined {
  return months.get(name.toLowerCase().replace(/\.$/, ""));
}
