import DevFTFormats
import Foundation

/// The files under `Tests/Golden/text/tokenizers`, made by `tools/golden/make_tokenizers.py`.
enum TokenizerFixtures {
  /// Tokenizers read from `tokenizer.json`.
  static let names = [
    "gpt2", "gpt2-prefix-space", "smollm", "llama3", "qwen2", "added-tokens", "llama2-legacy",
    "llama2-first", "llama2-split", "llama2-bare", "bert-uncased", "bert-cased", "roberta",
  ]

  /// What a library makes of the texts.
  struct Expected {
    /// Identifiers of each text, special tokens left unparsed; `nil` where the library has none.
    var ids: [[Int]?]
    /// Identifiers with special tokens parsed, where they differ.
    var parsed: [Int: [Int]]
    /// What the identifiers decode to, where it is not the text; `nil` when not recorded.
    var decoded: [Int: String]?
  }

  /// Those of classifiers among them.
  static let classifiers = ["bert-uncased", "bert-cased", "roberta"]

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden/text")

  static func bytes(_ name: String) throws -> [UInt8] {
    try TextLines.bytes(of: folder.appendingPathComponent("tokenizers/\(name).json.gz").path)
  }

  static func json(_ name: String) throws -> JSONValue { try JSONParser.parse(bytes(name)[...]) }

  static func texts() throws -> [String] { try json("texts").elements?.compactMap(\.text) ?? [] }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(json: bytes("\(name).tokenizer"), path: name)
  }

  static func expected(_ name: String) throws -> Expected {
    let json = try json("\(name).expected")
    func ids(_ value: JSONValue) -> [Int]? { value.elements?.compactMap(\.integer) }
    func byIndex<Value>(_ key: String, _ read: (JSONValue) -> Value?) -> [Int: Value]? {
      guard let members = json[key]?.members else { return nil }
      var result: [Int: Value] = [:]
      for member in members {
        if let index = Int(member.key) { result[index] = read(member.value) }
      }
      return result
    }
    return Expected(
      ids: json["ids"]?.elements?.map(ids) ?? [],
      parsed: byIndex("parsed", ids) ?? [:],
      decoded: byIndex("decoded", \.text)
    )
  }

  /// Metadata as a GGUF file would hold it.
  static func metadata(_ name: String) throws -> [String: GGUFValue] {
    func value(_ json: JSONValue, _ key: String) -> GGUFValue {
      switch json {
      case .boolean(let flag): .boolean(flag)
      case .string(let text): .text(text)
      case .array(let elements): .array(elements.map { value($0, key) })
      case .number(let spelling):
        key.hasSuffix("scores")
          ? .real(Double(spelling) ?? .nan) : .signed(Int64(spelling) ?? -1)
      case .null, .object: .text("")
      }
    }
    let members = try json("\(name).metadata").members ?? []
    return Dictionary(
      members.map { ($0.key, value($0.value, $0.key)) },
      uniquingKeysWith: { first, _ in first }
    )
  }
}
