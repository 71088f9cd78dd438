package import ArgumentParser
import DevFTRuntime
import Foundation

extension ParsableCommand {
  /// Runs the program by its arguments and ends it on a failure.
  ///
  /// The last line on standard error is what went wrong, below any usage.
  package static func runReportingErrors() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(reporting: error)
    }
  }

  /// Ends the program; the last line on standard error is what went wrong, below any usage.
  fileprivate static func exit(reporting error: any Error) -> Never {
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

extension AsyncParsableCommand {
  /// Runs the program by its arguments and ends it on a failure, as `ParsableCommand` does.
  package static func runReportingErrors() async {
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
}
