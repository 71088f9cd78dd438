import Foundation

@testable import DevFTRuntime

/// A study file of a test's own.
struct StudyText {
  /// Keys that every study needs, and some to vary.
  static let base = """
    base:
      model: m
      data: { path: d.jsonl }
      federation: { clients: 4, clients_per_round: 2, rounds: 8 }

    """

  /// Reads a study from text.
  static func load(
    _ yaml: String,
    budget: String? = nil,
    overrides: [String] = []
  ) throws -> Study {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("devft-study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("study.yaml")
    try Data(yaml.utf8).write(to: file)
    return try Study.load(file: file.path, budget: budget, overrides: overrides)
  }
}
