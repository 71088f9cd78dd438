import DevFTFormats
import Foundation

/// One template of `Tests/Golden/text/templates.json.gz`, made by `tools/golden/make_templates.py`.
struct TemplateFixture {
  static let names = [
    "smollm2", "chatml", "chatml-bos-trim", "chatml-system-variable", "qwen2", "qwen2.5", "llama2",
    "llama3", "llama3.1",
  ]
  static let namesWithTokenizers = ["smollm2", "qwen2.5", "llama2", "llama3.1"]

  /// The template as the model has it.
  let jinja: String
  /// What Jinja renders for each conversation, without and with the head of an answer.
  let texts: [[String]]
  /// What the library makes of the rendered text of each conversation, if recorded.
  let ids: [[Int]]
  /// The tokenizer for `ids`, with the template's first and last token.
  let tokenizer: Tokenizer?

  static func json() throws -> JSONValue {
    let path = TokenizerFixtures.folder.appendingPathComponent("templates.json.gz").path
    return try JSONParser.parse(TextLines.bytes(of: path)[...])
  }

  static func conversations() throws -> [[ChatMessage]] {
    try json()["conversations"]?.elements?.map { conversation in
      conversation.elements?.compactMap { turn in
        guard let role = turn["role"]?.text.flatMap(ChatMessage.Role.init),
          let content = turn["content"]?.text
        else { return nil }
        return ChatMessage(role, content)
      } ?? []
    } ?? []
  }

  init(_ name: String) throws {
    let json = try Self.json()["templates"]?[name]
    jinja = json?["jinja"]?.text ?? ""
    texts = json?["texts"]?.elements?.map { $0.elements?.compactMap(\.text) ?? [] } ?? []
    ids = json?["ids"]?.elements?.map { $0.elements?.compactMap(\.integer) ?? [] } ?? []
    guard let file = json?["tokenizer"]?.text else {
      tokenizer = nil
      return
    }
    var configuration = TokenizerConfiguration()
    configuration.bosToken = json?["bos"]?.text
    configuration.eosToken = json?["eos"]?.text
    tokenizer = try Tokenizer(
      json: TokenizerFixtures.bytes("\(file).tokenizer"),
      configuration: configuration
    )
  }
}

extension [TemplateSpan] {
  /// The spans as one string, the first and last token spelt `<s>` and `</s>`.
  var spelt: String {
    map { span in
      switch span.piece {
      case .text(let text), .special(let text): text
      case .begin: "<s>"
      case .ownBegin: ""
      case .end: "</s>"
      }
    }.joined()
  }

  /// The parts that are to be learnt.
  var targets: String { filter(\.isTarget).spelt }
}
