// Node's two usual multipart parsers as an HTTP server: POST /busboy or /formidable answers with the parts as JSON.
// Arguments: the folders of busboy and formidable, the port.
const { createHash } = require("node:crypto");
const http = require("node:http");

const [busboyFolder, formidableFolder, port] = process.argv.slice(2);
const busboy = require(busboyFolder);
const { formidable } = require(formidableFolder);

function digested(stream, part, parts) {
  const hash = createHash("sha256");
  parts.push(part);
  stream.on("data", (block) => { hash.update(block); part.size += block.length; });
  stream.on("end", () => { part.sha256 = hash.digest("hex"); });
}

const readers = {
  "/busboy": (request, done) => {
    const parts = [];
    const reader = busboy({ headers: request.headers, preservePath: true, defParamCharset: "utf8",
                            limits: { fileSize: Infinity, fieldSize: 64 << 20 } });
    reader.on("file", (name, stream, { filename, mimeType }) =>
      digested(stream, { name, filename, type: mimeType, size: 0 }, parts));
    reader.on("field", (name, value) => {
      const data = Buffer.from(value);
      parts.push({ name, filename: null, type: null, size: data.length,
                   sha256: createHash("sha256").update(data).digest("hex") });
    });
    reader.on("close", () => done(parts));
    reader.on("error", (error) => done({ error: String(error) }));
    request.pipe(reader);
  },
  "/formidable": (request, done) => {
    const parts = [];
    const reader = formidable({ allowEmptyFiles: true, minFileSize: 0, maxFileSize: Infinity });
    reader.onPart = (part) =>
      digested(part, { name: part.name, filename: part.originalFilename, type: part.mimetype, size: 0 }, parts);
    reader.parse(request).then(() => done(parts), (error) => done({ error: String(error) }));
  },
};

const server = http.createServer((request, response) => {
  readers[request.url](request, (parts) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(parts));
  });
});
server.listen(Number(port), "127.0.0.1");
