/// A part of a rendered conversation that is tokenized for itself.
public struct TemplateSpan: Hashable, Sendable {
  /// What stands in the part.
  public enum Piece: Hashable, Sendable {
    /// Ordinary text; special tokens spelt in it stay text.
    case text(String)
    /// The special token of this spelling.
    case special(String)
    /// The beginning-of-text token, which the template itself writes.
    case begin
    /// The beginning-of-text token where the tokenizer puts one before any text, else nothing.
    case ownBegin
    /// The token that ends an answer.
    case end
  }

  /// What stands in the part.
  public var piece: Piece
  /// Whether the model is to learn the tokens of the part.
  public var isTarget: Bool

  /// Makes a part.
  ///
  /// - Parameters:
  ///   - piece: What stands in it.
  ///   - isTarget: Whether its tokens are to be learnt.
  public init(_ piece: Piece, isTarget: Bool = false) {
    self.piece = piece
    self.isTarget = isTarget
  }
}

extension [TemplateSpan] {
  /// Adds text, to the last span where that is text of the same kind.
  ///
  /// - Parameters:
  ///   - text: The text; nothing happens when it is empty.
  ///   - isTarget: Whether its tokens are to be learnt.
  mutating func append(text: String, isTarget: Bool = false) {
    guard !text.isEmpty else { return }
    if let last, case .text(let before) = last.piece, last.isTarget == isTarget {
      self[count - 1] = TemplateSpan(.text(before + text), isTarget: isTarget)
    } else {
      append(TemplateSpan(.text(text), isTarget: isTarget))
    }
  }

  /// Adds a special token that is not to be learnt.
  ///
  /// - Parameter spelling: Its spelling.
  mutating func append(special spelling: String) {
    append(TemplateSpan(.special(spelling)))
  }
}
