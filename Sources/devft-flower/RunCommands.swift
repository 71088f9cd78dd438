import ArgumentParser
import DevFTFlower
import DevFTRuntime
import Foundation

/// Where the federation is.
struct FederationOptions: ParsableArguments {
  @Option(help: "Address of the SuperLink.")
  var superlink = "127.0.0.1:8000"

  @OptionGroup var security: SecurityOptions

  func control() throws -> FederationControl {
    try FederationControl(address: superlink, security: try security.security())
  }
}

/// Writes the app.
struct BundleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Write the app that runs are started with, as a folder for flwr run."
  )

  @Option(name: .customLong("out"), help: "Folder to write.")
  var output = "devft-app"

  func run() throws {
    let folder = URL(fileURLWithPath: output)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in AppBundle(version: ProgramVersion.current).files {
      try file.contents.write(to: folder.appendingPathComponent(file.path), options: .atomic)
    }
    print("app written to \(output)")
  }
}

/// Starts a run.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Start a run: a server that waits (devft flower serve) takes it."
  )

  @OptionGroup var federation: FederationOptions

  @Option(name: .customLong("federation"), help: "Name of the federation; by default the only one.")
  var name = ""

  @Option(help: "Folder of an app with code for other clients; by default the one without code.")
  var app: String?

  @Flag(help: "Return as soon as the run is started.")
  var detach = false

  func run() throws {
    let control = try federation.control()
    let bundle =
      try app.map { try AppBundle(directory: $0) } ?? AppBundle(version: ProgramVersion.current)
    let id = try control.start(bundle, federation: name)
    print("run \(id)")
    guard !detach else { return }
    var last = ""
    while let run = try control.runs(id).first {
      if run.status != last { Notice.show("run \(id): \(run.status)") }
      last = run.status
      guard !run.isFinished else {
        guard run.status == "finished:completed" else { throw ExitCode.failure }
        return
      }
      Thread.sleep(forTimeInterval: 1)
    }
  }
}

/// Lists runs.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the newest runs of a federation."
  )

  @OptionGroup var federation: FederationOptions

  func run() throws {
    let rows = try federation.control().runs().map { run in
      ["\(run.id)", run.app, run.status, run.since]
    }
    print(TextTable(head: ["run", "app", "status", "since"], rows: rows).text)
  }
}

/// Stops a run.
struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stop a run of a federation."
  )

  @Argument(help: "Number of the run.")
  var id: UInt64

  @OptionGroup var federation: FederationOptions

  func run() throws {
    try federation.control().stop(id)
    print("run \(id) stopped")
  }
}
