import Foundation

/// Writes data sets that `ExamplesReader` reads back to equal examples.
///
/// One line a row, keys sorted, so that equal examples give equal bytes.
public enum ExamplesWriter {
  /// Writes a file, replacing what was there only when all is written.
  ///
  /// - Parameters:
  ///   - examples: The rows.
  ///   - path: The file.
  /// - Throws: `FormatError` with code `unwritable`.
  public static func write(_ examples: [Example], to path: String) throws(FormatError) {
    var data = Data()
    for example in examples {
      data.append(contentsOf: line(of: example).utf8)
      data.append(0x0a)
    }
    try AtomicFile.write(data, to: path)
  }

  /// Spells one row.
  ///
  /// Rows with an instruction become `instruction`, `input`, `output`, those with a class `text`,
  /// `text_pair`, `label`, others `messages`; a field
  /// that bears one of the row's own keys is left out.
  ///
  /// - Parameter example: The row.
  /// - Returns: JSON without a line break.
  public static func line(of example: Example) -> String {
    var members = textMembers(of: example)
    let taken = Set(members.map(\.key))
    for (key, value) in example.fields where !taken.contains(key) {
      members.append(.init(key, .string(value)))
    }
    return JSONValue.object(members).encoded
  }

  private static func textMembers(of example: Example) -> [JSONValue.Member] {
    if let labelled = example.labelled {
      return [
        .init("text", .string(labelled.text)), .init("label", .string(labelled.label)),
      ] + (labelled.pair.map { [.init("text_pair", .string($0))] } ?? [])
    }
    if let instruction = example.instruction, let answer = example.messages.last,
      example.messages.count == 2
    {
      return [
        .init("instruction", .string(instruction.text)),
        .init("input", .string(instruction.input)),
        .init("output", .string(answer.content)),
      ]
    }
    let turns = example.messages.map { message in
      JSONValue.object([
        .init("role", .string(message.role.rawValue)), .init("content", .string(message.content)),
      ])
    }
    return [.init("messages", .array(turns))]
  }
}
