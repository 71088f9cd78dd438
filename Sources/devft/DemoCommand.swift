import ArgumentParser
import DevFTRuntime

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "demo", abstract: "Run the demo.")
  func run() throws {}
}
