import ArgumentParser
import DevFTRuntime
import DevFTTensor
import Foundation

/// The program: federated fine-tuning of language models that grows the model in stages.
@main
struct Devft: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devft",
    abstract: "Federated fine-tuning of large language models that grows the model in stages.",
    version: ProgramVersion.current,
    subcommands: [
      SimulateCommand.self, CompareCommand.self, PlanCommand.self, TrainCommand.self,
      LossCommand.self, EvalCommand.self, ExportCommand.self,
      GenerateCommand.self, ModelCommand.self, DataCommand.self, DemoCommand.self,
      DoctorCommand.self, BenchCommand.self, ConfigurationCommand.self,
    ]
  )

  static func main() async {
    Allocator.keepFreedMemory()
    do {
      var command = try parseAsRoot()
      // Only what waits for a network is asynchronous.
      if var waiting = command as? any AsyncParsableCommand {
        try await waiting.run()
      } else {
        try command.run()
      }
    } catch {
      exit(reporting: error)
    }
  }

  /// Ends the program; the last line on standard error is what went wrong, below any usage.
  private static func exit(reporting error: any Error) -> Never {
    if let error = error as? CocoaError {
      // Foundation's own description of a file that is in the way runs over several lines.
      let path = error.filePath ?? error.url?.path ?? "a file"
      exit(withError: RunError(.directory, "\(path): \(error.localizedDescription)"))
    }
    guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
    let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    let text = (lines.dropFirst() + lines.prefix(1)).joined(separator: "\n")
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(withError: ExitCode.validationFailure)
  }
}
