import Foundation
import Testing

/// A line of `metrics.jsonl` as a reader of the file sees it.
struct Metrics: Equatable {
  /// Every key but those that hold measured times and memory, as canonical JSON.
  let withoutMeasurements: [String: String]
  /// All keys.
  let keys: Set<String>
  private let line: Data

  /// Keys whose values differ from run to run.
  private static let measured = ["compute_seconds", "server_seconds", "peak_bytes", "clients"]

  init(_ line: some DataProtocol) throws {
    self.line = Data(line)
    let object = try #require(
      try JSONSerialization.jsonObject(with: self.line) as? [String: Any]
    )
    keys = Set(object.keys)
    var rest: [String: String] = [:]
    for (key, value) in object where !Self.measured.contains(key) {
      let data = try JSONSerialization.data(
        withJSONObject: value,
        options: [.sortedKeys, .fragmentsAllowed]
      )
      rest[key] = String(decoding: data, as: UTF8.self)
    }
    withoutMeasurements = rest
  }

  static func == (left: Metrics, right: Metrics) -> Bool {
    left.withoutMeasurements == right.withoutMeasurements
  }

  /// A number of the line.
  func number(_ key: String) -> Double? {
    withoutMeasurements[key].flatMap(Double.init)
  }
}
