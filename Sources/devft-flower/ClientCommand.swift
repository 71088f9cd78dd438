import ArgumentParser
import DevFTCommandLine
import DevFTFlower
import DevFTRuntime
import Foundation

/// One client: trains on its own file, for every run that comes.
struct ClientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client",
    abstract: "Be a client: train on a file of this machine for the runs of a federation.",
    discussion: """
      Takes the tasks of a SuperNode on this machine (flower-supernode --isolation process) until it is \
      told to end. The examples never leave the machine; what leaves it is the adapter.
      """
  )

  @Option(help: "Address of the SuperNode's Runtime API.")
  var runtime = "127.0.0.1:9094"

  @Option(help: "JSONL file of this client's examples, also .gz.")
  var data: String

  @Option(
    help: "Model on this machine: name, GGUF file or directory; by default the run's own name."
  )
  var model: String?

  @Flag(
    help: "Hold no model: the server sends the layers of each stage, which are kept in --cache."
  )
  var withoutModel = false

  @Option(help: "Folder where the files of stages are kept, over runs and restarts.")
  var cache = "stage-cache"

  @Option(help: "Most memory to use, such as 2GB.")
  var memoryBudget: String?

  @Flag(help: "Train nothing, answer with what came: to measure the federation itself.")
  var noTraining = false

  @OptionGroup var security: SecurityOptions

  func validate() throws {
    guard model == nil || !withoutModel else {
      throw ValidationError("expected either --model or --without-model")
    }
    if let memoryBudget, ByteSize(memoryBudget) == nil {
      throw ValidationError(
        "--memory-budget: expected an amount with a unit, such as 2GB, got \(memoryBudget)"
      )
    }
  }

  func run() throws {
    guard FileManager.default.isReadableFile(atPath: data) else {
      throw RunError(.directory, "\(data): expected a file with examples, found none")
    }
    let client = try FederationClient(
      address: runtime,
      security: try security.security(),
      site: noTraining ? IdleSite() : trainingSite,
      notice: Notice.show
    )
    Interruption.watch()
    try client.run { Interruption.hasCome }
  }

  private var trainingSite: ClientSite {
    ClientSite(
      dataPath: data,
      model: model,
      cache: withoutModel ? StageCache(folder: cache) : nil,
      memoryBudget: memoryBudget.flatMap { ByteSize($0) }
    )
  }
}
