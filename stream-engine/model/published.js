// Prints the operations of the Kinesis API with the members of their requests, as the published SDK for JavaScript has
// them: one line for each member, with its type, and whether it is required. Usage: node published.js PACKAGE
const fs = require("fs");
const path = require("path");

const folder = process.argv[2];
const read = (name) => fs.readFileSync(path.join(folder, name), "utf8");

// The schemas are plain arrays; imports, and the registration of errors, are left out.
const source = read("dist-es/schemas/schemas_0.js")
  .split("\n")
  .filter((line) => !/^import |registerError\(|^const .*new TypeRegistry/.test(line))
  .join("\n")
  .replace(/^export (var|const)/gm, "$1")
  .replace(/^(var|const) errorTypeRegistries = \[[^\]]*\];/m, "");
const operations = [...source.matchAll(/^var (\w+)\$ = \[9,/gm)].map((match) => match[1] + "$");
const schemas = new Function(`${source}\nreturn [${operations.join(",")}];`)();

// The values of enums are in the declarations only.
const enums = {};
for (const [, name, body] of read("dist-types/models/enums.d.ts").matchAll(/const (\w+): \{([^}]*)\}/g)) {
  enums[name] = [...body.matchAll(/: "([^"]*)"/g)].map((match) => match[1]).sort();
}
const members = {};
for (const [, name, body] of read("dist-types/models/models_0.d.ts").matchAll(/interface (\w+) \{([\s\S]*?)^\}/gm)) {
  members[name] = {};
  for (const [, member, type] of body.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])? \| undefined;/gm)) {
    members[name][member] = type;
  }
}

const scalars = { 0: "text", 1: "number", 2: "truth", 4: "time", 21: "bytes" };

function print(operation, prefix, structure) {
  const [, , name, , names, types, required = 0] = structure;
  names.forEach((member, i) => {
    const resolved = typeof types[i] === "function" ? types[i]() : types[i];
    const at = prefix + member;
    const demand = i < required ? "required" : "optional";
    const values = enums[members[name]?.[member]];
    const choice = values ? "[" + values.join("|") + "]" : "text";
    const line = (type) => lines.push(`${operation} ${at} ${demand} ${type}`);
    if (!Array.isArray(resolved)) {
      const kind = resolved >= 128 ? "map" : resolved >= 64 ? "list of " + choice : scalars[resolved];
      line(kind === "text" ? choice : kind);
    } else if (resolved[0] === 1) {
      line("list of structure");
      print(operation, at + ".", resolved[4]());
    } else {
      line("structure");
      print(operation, at + ".", resolved);
    }
  });
}

const lines = [];
for (const [, , operation, , input] of schemas) {
  const structure = input();
  if (structure[4].length === 0) {
    lines.push(`${operation} - - nothing`);
  }
  print(operation, "", structure);
}
console.log([...lines].sort().join("\n"));
