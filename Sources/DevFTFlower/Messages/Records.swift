/// Names of the records in the messages between server and clients.
enum RecordName {
  /// What a client must know of the stage.
  static let stage = "devft.stage"
  /// What a client is to do in a round.
  static let task = "devft.task"
  /// Arrays of an adapter.
  static let adapter = "devft.adapter"
  /// Which round of which client an update answers.
  static let update = "devft.update"
  /// What the training took and gave.
  static let report = "devft.report"
  /// Where a part of a stage's file belongs, and what a client has of it.
  static let base = "devft.base"
  /// The part's bytes.
  static let part = "devft.part"
  /// Who a client is.
  static let client = "devft.client"
  /// Version of all of them.
  static let version: Int64 = 1
}

/// Types of messages.
enum MessageType {
  /// Asks a client to train.
  static let train = "train"
  /// Asks a client who it is, and to make ready.
  static let greeting = "query"
  /// Brings a part of a stage's file to a client that does not hold the base model.
  static let base = "query.base"
}

extension [String: SettingValue] {
  /// A whole number of a range.
  ///
  /// - Throws: `FlowerError` with code `malformed`.
  func integer(_ key: String, in range: ClosedRange<Int> = 0...Int.max) throws(FlowerError) -> Int {
    guard case .integer(let number)? = self[key], range.contains(Int(number)) else {
      throw FlowerError(
        .malformed,
        "\(key): expected a whole number from \(range.lowerBound) to \(range.upperBound), got "
          + sighting(of: key)
      )
    }
    return Int(number)
  }

  /// A number above 0.
  func positive(_ key: String) throws(FlowerError) -> Double {
    guard case .number(let number)? = self[key], number > 0, number.isFinite else {
      throw FlowerError(
        .malformed,
        "\(key): expected a number above 0, got \(sighting(of: key))"
      )
    }
    return number
  }

  /// A text.
  func text(_ key: String) throws(FlowerError) -> String {
    guard case .text(let text)? = self[key] else {
      throw FlowerError(.malformed, "\(key): expected a text, got \(sighting(of: key))")
    }
    return text
  }

  /// A list of whole numbers.
  func integers(_ key: String) throws(FlowerError) -> [Int] {
    guard case .integers(let numbers)? = self[key] else {
      throw FlowerError(
        .malformed,
        "\(key): expected a list of whole numbers, got \(sighting(of: key))"
      )
    }
    return numbers.map { Int($0) }
  }

  /// Checks that the records are of the version that this program knows.
  func checkVersion() throws(FlowerError) {
    let version = try integer("version")
    guard version == RecordName.version else {
      throw FlowerError(
        .unsupported,
        "expected records of version \(RecordName.version), got version \(version)"
      )
    }
  }

  private func sighting(of key: String) -> String { self[key].map { "\($0)".excerpt } ?? "none" }
}

extension RecordSet {
  /// A record of settings.
  ///
  /// - Throws: `FlowerError` with code `malformed` when there is none.
  func settings(_ name: String) throws(FlowerError) -> [String: SettingValue] {
    guard let record = settings[name] else {
      throw FlowerError(.malformed, "expected a record \(name), got none")
    }
    return record
  }
}
