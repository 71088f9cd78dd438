import ArgumentParser
import Foundation

/// Measurements of this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speed and memory on this machine.",
    subcommands: [
      BenchStepCommand.self, BenchGenerateCommand.self, BenchScoreCommand.self,
      BenchProductsCommand.self, BenchEvalCommand.self,
    ]
  )

  /// Prints a measurement as one line of JSON.
  static func show(_ measurement: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(measurement), as: UTF8.self))
  }
}
