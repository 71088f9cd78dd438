import ArgumentParser
import DevFTRuntime
import Foundation

/// Models that go by a name.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Get models that go by a name.",
    subcommands: [Get.self]
  )

  /// Downloads a model.
  struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Download a model, unless it is there, and print its path."
    )

    @Argument(help: "Name of the model.")
    var name: String

    func run() throws {
      guard let model = KnownModel.all.first(where: { $0.name == name }) else {
        let names = KnownModel.all.map(\.name).joined(separator: ", ")
        throw ValidationError("\(name): expected one of \(names)")
      }
      let path = try model.download { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
      print(path)
    }
  }
}
