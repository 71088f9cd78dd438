import Foundation

/// What a round's record says of its updates.
struct RecordedRound: Decodable {
  var round: Int
  var rejected: [String]
  var failed: [String]
  var loss: Double?
  var skipped: String?
  var bytes: [String: Int]
  var lateness: [Int: Int]?
}

extension LoopbackFederation {
  /// The rounds that a run has recorded so far.
  func rounds(of run: String) -> [RecordedRound] {
    let file = scratch.path("\(run)/metrics.jsonl")
    guard let data = FileManager.default.contents(atPath: file) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(RecordedRound.self, from: $0)
    }
  }
}
