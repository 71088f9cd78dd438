import DevFTTensor
public import Foundation

/// The demo's data: generated households that tell an on-device assistant what to do.
///
/// Every household has its own habits (which actions, rooms, people and things it speaks of, which
/// phrases, units and manners it uses), so a partition by household is far from identically
/// distributed. Every request is answered by one compact JSON action whose keys are fixed for each
/// intent and whose values are copied or normalised from the request; equal requests have equal
/// answers. Same seed, same bytes.
///
/// ```swift
/// try HouseholdData(seed: 7).write(to: URL(filePath: "demo-data"))
/// ```
public struct HouseholdData: Sendable {
  /// The rows of a data set.
  public struct Rows: Sendable {
    /// Rows of the training households, household by household.
    public var train: [HouseholdExample]
    /// Rows of households that train nothing and use words of their own, one of each in turn.
    public var heldOut: [HouseholdExample]
    /// Further rows of the training households, one of each in turn; none is in `train`.
    public var familiar: [HouseholdExample]
  }

  /// Households whose rows are in `train`.
  public static let trainingHouseholdCount = 20
  /// Households whose rows are in `heldOut`.
  public static let heldOutHouseholdCount = 4
  private static let meanTrainingRowCount = 215
  private static let heldOutRowCount = 50
  private static let familiarRowCount = 10

  /// Seed of all draws.
  public var seed: UInt64

  /// Describes a data set.
  ///
  /// - Parameter seed: Seed of all draws.
  public init(seed: UInt64) { self.seed = seed }

  /// Draws all rows.
  ///
  /// - Returns: 4,300 rows to train on, 200 held-out and 200 familiar ones; no request of the last
  ///   two is among the first.
  public func generate() -> Rows {
    var reserved: Set<String> = []
    let all = 0..<(Self.trainingHouseholdCount + Self.heldOutHouseholdCount)
    let households = all.map {
      Household(seed: seed, index: $0, isHeldOut: $0 >= Self.trainingHouseholdCount)
    }
    let training = households.prefix(Self.trainingHouseholdCount)
    let heldOut = households.dropFirst(Self.trainingHouseholdCount).enumerated().map {
      draw(Self.heldOutRowCount, of: $1, Self.trainingHouseholdCount + $0, "held-out", &reserved)
    }
    let familiar = training.enumerated().map {
      draw(Self.familiarRowCount, of: $1, $0, "familiar", &reserved)
    }
    let counts = trainingRowCounts
    let train = training.enumerated().map { index, household in
      // Two households may ask the same; a household never does so twice.
      var taken = reserved
      return draw(counts[index], of: household, index, "train", &taken)
    }
    return Rows(
      train: train.flatMap { $0 },
      heldOut: Self.interleave(heldOut),
      familiar: Self.interleave(familiar)
    )
  }

  /// Rows of each training household: what one of a pair has more than the mean, the other lacks.
  private var trainingRowCounts: [Int] {
    var stream = RandomStream(seed: seed, purpose: "household sizes")
    return (0..<Self.trainingHouseholdCount / 2).flatMap { _ -> [Int] in
      let surplus = stream.nextIndex(below: 91)
      return [Self.meanTrainingRowCount + surplus, Self.meanTrainingRowCount - surplus]
    }
  }

  /// Draws rows whose requests are not taken yet, and takes them.
  private func draw(
    _ count: Int,
    of household: Household,
    _ index: Int,
    _ purpose: String,
    _ taken: inout Set<String>
  ) -> [HouseholdExample] {
    var stream = RandomStream(seed: seed, purpose: purpose, client: index)
    var rows: [HouseholdExample] = []
    while rows.count < count {
      let row = household.example(&stream)
      if taken.insert(row.request).inserted { rows.append(row) }
    }
    return rows
  }

  /// One row of each list in turn, so that the first rows are of all households.
  private static func interleave(_ lists: [[HouseholdExample]]) -> [HouseholdExample] {
    let longest = lists.map(\.count).max() ?? 0
    return (0..<longest).flatMap { turn in lists.compactMap { $0.dropFirst(turn).first } }
  }
}

// MARK: - Files

extension HouseholdData {
  /// Writes the rows as JSONL files.
  ///
  /// - Parameter directory: Folder for `homes.jsonl`, `homes-heldout.jsonl` and
  ///   `homes-familiar.jsonl`; made when missing.
  /// - Throws: The file system's error when the folder or a file cannot be written.
  public func write(to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let rows = generate()
    let files = [
      ("homes.jsonl", rows.train), ("homes-heldout.jsonl", rows.heldOut),
      ("homes-familiar.jsonl", rows.familiar),
    ]
    for (name, examples) in files {
      let text = examples.map { $0.jsonLine + "\n" }.joined()
      try Data(text.utf8).write(to: directory.appending(path: name), options: .atomic)
    }
  }
}
