extension Duration {
  /// The duration as a number of seconds, for records and tables.
  public var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// A number of seconds to the nanosecond: as exact as a record of it in decimal digits.
  init(nearestNanosecondTo seconds: Double) {
    let whole = seconds.rounded(.down)
    self = .seconds(whole) + .nanoseconds(Int64(((seconds - whole) * 1e9).rounded()))
  }
}

extension KeyedDecodingContainer {
  /// Reads a duration written as seconds.
  func decodeSeconds(forKey key: Key) throws -> Duration {
    let seconds = try decode(Double.self, forKey: key)
    guard (0...1e15).contains(seconds) else {
      throw DecodingError.dataCorruptedError(
        forKey: key,
        in: self,
        debugDescription: "\(key.stringValue) must be a number of seconds of at least 0"
      )
    }
    return Duration(nearestNanosecondTo: seconds)
  }
}
