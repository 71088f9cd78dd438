import ArgumentParser
import DevFTRuntime
import Foundation

/// The network roles, which are a program of their own: their libraries take minutes to build.
struct FlowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flower",
    abstract: "Federated runs over several machines, on Flower (starts devft-flower)."
  )

  @Argument(parsing: .captureForPassthrough, help: "What devft-flower is called with.")
  var arguments: [String] = []

  func run() throws {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let program = own.deletingLastPathComponent().appendingPathComponent("devft-flower").path
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    execv(program, words)
    // Only a failure comes back.
    for word in words { free(word) }
    throw RunError(
      .directory,
      "\(program): expected the program of the network roles beside this one, found none; "
        + "`make build-flower` builds it"
    )
  }
}
