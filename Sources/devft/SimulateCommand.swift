import ArgumentParser
import DevFTCommandLine
import DevFTRuntime
import DevFTTensor
import Foundation

/// A federated run on one machine.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run a federation on this machine."
  )

  @Argument(help: "Configuration file; not needed to go on with a run.")
  var config: String?

  @Option(name: .customLong("set"), help: "Override a key: --set federation.rounds=8")
  var overrides: [String] = []

  @Option(name: .customLong("out"), help: "Run directory; by default runs/ and the file's name.")
  var output: String?

  @Option(help: "Go on with the run in this directory.")
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "End when the process of this number is no longer the parent.",
      visibility: .hidden
    )
  )
  var endWith: Int32?

  @Option(help: ArgumentHelp("Threads to compute with; changes no result.", visibility: .hidden))
  var threads: Int?

  func validate() throws {
    guard (config == nil) == (resume != nil) else {
      throw ValidationError("expected either a configuration file or --resume with a run directory")
    }
    guard resume == nil || (overrides.isEmpty && output == nil) else {
      throw ValidationError(
        "--resume goes on with the run as it is: no --set and no --out beside it"
      )
    }
  }

  func run() throws {
    if let endWith { Self.end(with: endWith) }
    if let threads { Threads.count = max(1, threads) }
    let display = RunDisplay()
    do {
      let summary = try simulation(display).run()
      display.finish()
      print(summary.text)
    } catch {
      display.clear()
      throw error
    }
  }

  /// Ends this process soon after its parent, however that ends; the run can go on later.
  private static func end(with parent: Int32) {
    Thread.detachNewThread {
      while getppid() == parent { usleep(100_000) }
      kill(getpid(), SIGKILL)
    }
  }

  private func simulation(_ display: RunDisplay) throws -> Simulation {
    if let resume {
      return try Simulation(resuming: RunDirectory(resume), report: display.show)
    }
    let configuration = try RunConfiguration.load(file: config ?? "", overrides: overrides)
    return try Simulation(
      configuration,
      directory: RunDirectory(output ?? defaultOutput),
      report: display.show
    )
  }

  private var defaultOutput: String {
    let name = URL(fileURLWithPath: config ?? "run").deletingPathExtension().lastPathComponent
    return "runs/\(name)"
  }
}
