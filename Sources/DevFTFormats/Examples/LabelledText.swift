/// A text, or a pair of texts, and the class it belongs to.
public struct LabelledText: Hashable, Sendable {
  /// The text.
  public var text: String
  /// The second text, or `nil`.
  public var pair: String?
  /// The class: its name, or its number as spelt.
  public var label: String

  /// Pairs a text with its class.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: The second text, or `nil`.
  ///   - label: The class: its name, or its number as spelt.
  public init(_ text: String, pair: String? = nil, label: String) {
    self.text = text
    self.pair = pair
    self.label = label
  }
}
