import ArgumentParser
import DevFTCommandLine
import DevFTFlower
import DevFTRuntime
import Foundation

/// The server of a run.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Be the server: run a configuration's rounds over the clients of a federation.",
    discussion: """
      Waits until a run is started in the federation, runs it as its ServerApp, and leaves a run \
      directory as `devft simulate` does. The configuration's data.path is not read: each client \
      has its own examples. federation.clients says how many clients there are.
      """
  )

  @Argument(help: "Configuration file; not needed to go on with a run.")
  var config: String?

  @Option(name: .customLong("set"), help: "Override a key: --set federation.rounds=8")
  var overrides: [String] = []

  @Option(name: .customLong("out"), help: "Run directory; by default runs/ and the file's name.")
  var output: String?

  @Option(help: "Go on with the run in this directory.")
  var resume: String?

  @Option(help: "Address of the SuperLink.")
  var superlink = "127.0.0.1:8000"

  @Option(help: "Seconds after which a round goes on without the clients that have not answered.")
  var deadline: Double?

  @OptionGroup var security: SecurityOptions

  func validate() throws {
    guard (config == nil) == (resume != nil) else {
      throw ValidationError("expected either a configuration file or --resume with a run directory")
    }
    guard resume == nil || (overrides.isEmpty && output == nil) else {
      throw ValidationError(
        "--resume goes on with the run as it is: no --set and no --out beside it"
      )
    }
    guard deadline.map({ (0.001...1e6).contains($0) }) ?? true else {
      throw ValidationError("--deadline: expected 0.001 to 1000000 seconds, got \(deadline ?? 0)")
    }
  }

  func run() throws {
    let display = RunDisplay()
    do {
      let summary = try serve(display)
      display.finish()
      print(summary.text)
    } catch {
      display.clear()
      throw error
    }
  }

  private func serve(_ display: RunDisplay) throws -> RunSummary {
    let directory = RunDirectory(resume ?? output ?? defaultOutput)
    let server = try FederationServer(
      address: superlink,
      security: try security.security(),
      deadline: deadline.map { .seconds($0) },
      notice: Notice.show
    )
    return try server.run(in: directory) { clients in
      if resume != nil {
        return try Simulation(resuming: directory, clients: clients, report: display.show)
      }
      return try Simulation(
        try RunConfiguration.load(file: config ?? "", overrides: overrides),
        directory: directory,
        clients: clients,
        report: display.show
      )
    }
  }

  private var defaultOutput: String {
    let name = URL(fileURLWithPath: config ?? "run").deletingPathExtension().lastPathComponent
    return "runs/\(name)"
  }
}
