import ArgumentParser
import DevFTRuntime

/// The reference of all configuration keys.
struct ConfigurationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration",
    abstract: "Print every configuration key with its default and meaning, in Markdown."
  )

  func run() { print(ConfigurationReference.markdown, terminator: "") }
}
