import Foundation
import Testing
import _DevFTTestSupport

/// A study of the tiny chat model: its file and the directory it leaves.
struct TinyStudy: Sendable {
  let scratch: ScratchDirectory
  let directory: String

  init() throws {
    scratch = try ScratchDirectory()
    directory = scratch.path("study")
  }

  /// Writes the study and gives the arguments that run it.
  func arguments(
    cells: [String] = Self.cells,
    seeds: String = "[1, 2]",
    jobs: Int = 2,
    further: String = ""
  ) throws -> [String] {
    let file = try scratch.write(
      """
      name: tiny
      base:
        model: \(TinyChat.model)
        data:
          path: \(TinyChat.train)
          eval: \(TinyChat.heldOut)
          partition: { kind: field, field: household }
          max_length: 64
        lora: { rank: 4, alpha: 8, targets: [q, v, down] }
        federation: { clients: 4, clients_per_round: 2, rounds: 6 }
        local: { steps: 2, batch: 4, learning_rate: 1e-2, final_learning_rate: 1e-3 }
        memory: { precision: f32 }
        eval: { every: 2, generate: 4 }
      cells:
      \(cells.map { "  - \($0)" }.joined(separator: "\n"))
      seeds: \(seeds)
      reference: FedIT
      \(further)
      """,
      to: "study.yaml"
    )
    return ["compare", file, "--out", directory, "--jobs", "\(jobs)"]
  }

  static let cells = [
    "{ name: FedIT }", "{ name: DevFT, set: { stages.capacities: [2, 3, 6] } }",
  ]
  static let broken = "{ name: broken, set: { stages.capacities: [2, 99] } }"

  // MARK: What it left

  /// Text of a file.
  func text(_ name: String) throws -> String {
    String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")),
      as: UTF8.self
    )
  }

  /// Names of the run directories.
  func runs() throws -> [String] {
    guard FileManager.default.fileExists(atPath: "\(directory)/runs") else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: "\(directory)/runs").sorted()
  }

  /// Rounds on record, of all runs together.
  func rounds() -> Int {
    ((try? runs()) ?? []).reduce(0) { sum, run in
      let file = URL(fileURLWithPath: "\(directory)/runs/\(run)/metrics.jsonl")
      return sum + ((try? Data(contentsOf: file))?.count { $0 == UInt8(ascii: "\n") } ?? 0)
    }
  }

  /// `table.csv` without what clocks and the memory meter measured.
  func table() throws -> [[String]] {
    let rows = try text("table.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let head = try #require(rows.first)
    let kept = head.indices.filter { !head[$0].contains("seconds") && !head[$0].contains("peak") }
    return rows.map { row in kept.map { row[$0] } }
  }

  /// Rows of `table.md` or `table.tex`, without those columns.
  func texts(_ name: String, separator: Character) throws -> [[String]] {
    let rows = try text(name).split(separator: "\n").map {
      $0.split(separator: separator).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let head = try #require(rows.first { $0.count > 1 })
    let kept = head.indices.filter { !head[$0].contains("time") && !head[$0].contains("memory") }
    return rows.filter { $0.count == head.count }.map { row in kept.map { row[$0] } }
  }
}
