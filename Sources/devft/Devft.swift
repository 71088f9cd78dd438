import ArgumentParser
import DevFTRuntime
import DevFTTensor

/// The program: federated fine-tuning of language models that grows the model in stages.
@main
struct Devft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devft",
    abstract: "Federated fine-tuning of large language models that grows the model in stages.",
    version: ProgramVersion.current,
    subcommands: [
      SimulateCommand.self, PlanCommand.self, TrainCommand.self, LossCommand.self,
      GenerateCommand.self, ModelCommand.self, DataCommand.self, DemoCommand.self,
      DoctorCommand.self, ConfigurationCommand.self,
    ]
  )

  static func main() {
    Allocator.keepFreedMemory()
    main(nil)
  }
}
