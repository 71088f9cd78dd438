import DevFTRuntime
import Foundation

/// The task that a server holds, kept so that a process that was killed is followed by another one.
struct SavedSession: Codable {
  /// The task's token: who has it speaks for the server, so only the owner may read the file.
  var token: String
  /// The run.
  var runID: UInt64
  /// The server's node.
  var nodeID: UInt64

  private static let name = "flower-session.json"

  /// Describes a session.
  init(_ session: TaskSession) {
    (token, runID, nodeID) = (session.token, session.runID, session.nodeID)
  }

  /// Reads the one of a run directory; `nil` when there is none, or none that can be read.
  init?(in directory: RunDirectory) {
    guard let data = FileManager.default.contents(atPath: directory.path(Self.name)),
      let saved = try? JSONDecoder().decode(SavedSession.self, from: data)
    else { return nil }
    self = saved
  }

  /// Keeps it in a run directory.
  func write(to directory: RunDirectory) throws {
    let path = directory.path(Self.name)
    let temporary = path + ".new"
    let made = FileManager.default.createFile(
      atPath: temporary,
      contents: try JSONEncoder().encode(self),
      attributes: [.posixPermissions: 0o600]
    )
    guard made, rename(temporary, path) == 0 else {
      throw RunError(.directory, "\(path): cannot be written")
    }
  }
}
