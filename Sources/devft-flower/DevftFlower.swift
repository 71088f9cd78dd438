import ArgumentParser
import DevFTCommandLine
import DevFTRuntime
import DevFTTensor

/// The network roles of a federation over Flower; `devft flower` starts this program.
@main
struct DevftFlower: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devft flower",
    abstract: "Federated runs over several machines, on Flower.",
    version: ProgramVersion.current,
    subcommands: [
      ServeCommand.self, ClientCommand.self, BundleCommand.self, RunCommand.self, ListCommand.self,
      StopCommand.self,
    ]
  )

  static func main() {
    Allocator.keepFreedMemory()
    runReportingErrors()
  }
}
