import Foundation

/// What stands beside `tokenizer.json` in a model directory: special tokens and the chat template.
public struct TokenizerConfiguration: Sendable {
  /// Spelling of the beginning-of-text token.
  public var bosToken: String?
  /// Spelling of the token that ends an answer.
  public var eosToken: String?
  /// Spelling of the padding token.
  public var padToken: String?
  /// Whether the beginning-of-text token goes before text; `nil` when the file does not say.
  public var addsBOS: Bool?
  /// The model's own chat template, as Jinja.
  public var chatTemplate: String?

  /// Makes a configuration that says nothing.
  public init() {}

  /// Reads `tokenizer_config.json` and, where it is there, `chat_template.jinja`.
  ///
  /// - Parameter directory: A model directory; a missing file says nothing.
  /// - Throws: `FormatError` when a file that is there cannot be read or is no JSON object.
  public init(directory: String) throws {
    let path = directory + "/tokenizer_config.json"
    if FileManager.default.fileExists(atPath: path) {
      self.init(try JSONValue.object(contentsOf: path))
    } else {
      self.init()
    }
    let templatePath = directory + "/chat_template.jinja"
    if FileManager.default.fileExists(atPath: templatePath) {
      chatTemplate = String(decoding: try JSONValue.bytes(of: templatePath), as: UTF8.self)
    }
  }

  init(_ json: JSONValue) {
    bosToken = Self.spelling(json["bos_token"])
    eosToken = Self.spelling(json["eos_token"])
    padToken = Self.spelling(json["pad_token"])
    addsBOS = json["add_bos_token"]?.boolean
    let templates = json["chat_template"]?.elements ?? []
    let named = templates.first { $0["name"]?.text == "default" }
    chatTemplate = json["chat_template"]?.text ?? named?["template"]?.text
  }

  /// A token is a string or an object that holds one.
  private static func spelling(_ value: JSONValue?) -> String? {
    value?.text ?? value?["content"]?.text
  }
}
