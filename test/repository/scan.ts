// Pure. Reads what a module imports and exports, without a parser: good enough for how this repository is formatted.

/** One import, or one re-export, of a module. */
export interface Import {
  specifier: string;
  /** What is taken: exported names, `*` for all. */
  names: string[];
  /** Erased before it runs. `import { type A }` is not: it still loads the module. */
  isType: boolean;
  /** The names under which it is passed on, by what they are there; null for a plain import. */
  passedOn: Map<string, string> | null;
}

const STATIC = /\b(import|export)\s+(type\s+)?([\w$*{},\s]*?)\s*\bfrom\s*["']([^"']+)["']/g;
const WHOLE = /\bimport\s*(?:\(\s*)?["']([^"']+)["']|\bnew URL\(\s*["'](\.[^"']+)["'],\s*import\.meta\.url/g;
const DECLARED =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function\*?|class|const|let|interface|type|enum)\s+([\w$]+)/g;
const LISTED = /\bexport\s+(?:type\s+)?\{([^}]*)\}(?!\s*from)/g;

/** @param code as {@link codeOf} gives it */
export function importsOf(code: string): Import[] {
  const fromClauses = Array.from(code.matchAll(STATIC), ([, keyword, type, clause = "", specifier = ""]) => {
    const pairs = pairsOf(clause);
    return {
      specifier,
      names: pairs.map(([theirs]) => theirs),
      isType: type !== undefined,
      passedOn: keyword === "export" ? new Map(pairs.map(([theirs, ours]) => [ours, theirs])) : null,
    };
  });
  const whole = Array.from(code.matchAll(WHOLE), ([, imported, url]) => ({
    specifier: imported ?? url ?? "",
    names: ["*"],
    isType: false,
    passedOn: null,
  }));
  return [...fromClauses, ...whole];
}

/** What a module itself declares for others; a type is erased before it runs. */
export interface Export {
  name: string;
  isType: boolean;
}

/** @param code as {@link codeOf} gives it */
export function exportsOf(code: string): Export[] {
  const declared = Array.from(code.matchAll(DECLARED), ([, keyword = "", name = ""]) => ({
    name,
    isType: keyword === "interface" || keyword === "type",
  }));
  const listed = Array.from(code.matchAll(LISTED), ([whole, list = ""]) =>
    pairsOf(`{${list}}`).map(([, name]) => ({ name, isType: /^export\s+type/.test(whole) })),
  );
  const isDefault = /\bexport\s+default\b/.test(code);
  return [...declared, ...listed.flat(), ...(isDefault ? [{ name: "default", isType: false }] : [])];
}

/** `a, { b as c }` → what it is called there, and here. */
function pairsOf(clause: string): [theirs: string, ours: string][] {
  const [, list] = /\{([^}]*)\}/.exec(clause) ?? [];
  const [outside = ""] = clause.split("{");
  const pair = (text: string): [string, string] => {
    const [theirs = "", ours = theirs] = text
      .trim()
      .replace(/^type\s+/, "")
      .split(/\s+as\s+/);
    return [theirs, ours];
  };
  const named = (list ?? "").split(",").map(pair);
  const whole = outside.split(",").map((text): [string, string] => {
    const [theirs, ours] = pair(text);
    return theirs.startsWith("*") || theirs === "" ? [theirs, ours] : ["default", ours];
  });
  return [...named, ...whole].filter(([theirs]) => theirs !== "");
}

/** The fenced JavaScript of a page. */
export function scriptOf(markdown: string): string {
  return Array.from(
    markdown.matchAll(/^```(?:js|ts)\b[^\n]*\n([\s\S]*?)^```/gm),
    ([, script = ""]) => script,
  ).join("\n");
}

const BEFORE_MODULE = /\b(?:from|import\s*\(?|new URL\()\s*$/;
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+*%~^<>-]|\b(?:return|typeof|case|in|of|await|yield))\s*$/;

/** The code with comments, regular expressions and texts blanked, but for the texts that name a module. */
export function codeOf(source: string): string {
  let code = "";
  let at = 0;
  /** Ahead to the first match, or to the end: what is there instead, blank or as it is. */
  const take = (end: RegExp, isKept: boolean) => {
    end.lastIndex = at;
    const stop = end.exec(source) ? end.lastIndex : source.length;
    const text = source.slice(at, stop);
    code += isKept ? text : text.replaceAll(/[^\n]/g, " ");
    at = stop;
  };
  const template = () => {
    for (;;) {
      take(/(?:\\[\s\S]|[^`$\\]|\$(?!\{))*(?:`|\$\{)/gy, false);
      if (source[at - 1] !== "{" || at >= source.length) return;
      walk();
    }
  };
  /** One level of braces, to its end. */
  const walk = () => {
    while (at < source.length) {
      const rest = source.slice(at, at + 2);
      const [char = ""] = rest;
      if (rest === "//") take(/\n/g, false);
      else if (rest === "/*") take(/\*\//g, false);
      else if (char === '"' || char === "'")
        take(
          char === '"' ? /"(?:\\.|[^"\\\n])*"?/gy : /'(?:\\.|[^'\\\n])*'?/gy,
          BEFORE_MODULE.test(code.slice(-40)),
        );
      else if (char === "/" && BEFORE_REGEX.test(code.slice(-40)))
        take(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/[a-z]*/gy, false);
      else {
        at += 1;
        code += char === "`" ? " " : char;
        if (char === "`") template();
        if (char === "{") walk();
        if (char === "}") return;
      }
    }
  };
  while (at < source.length) walk();
  return code;
}
