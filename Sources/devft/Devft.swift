import ArgumentParser
import DevFTCommandLine
import DevFTRuntime
import DevFTTensor

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
      DoctorCommand.self, BenchCommand.self, ConfigurationCommand.self, FlowerCommand.self,
    ]
  )

  static func main() async {
    Allocator.keepFreedMemory()
    await runReportingErrors()
  }
}
