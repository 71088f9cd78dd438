import Foundation
import SwiftProtobuf

extension Flwr_Proto_Message {
  /// A message with its content, all of it in a bag.
  ///
  /// The message's name is that of its object, in which the name is empty and the content stands by
  /// reference.
  ///
  /// - Parameters:
  ///   - metadata: From whom, to whom, and until when.
  ///   - content: What it carries; `nil` beside an error.
  ///   - error: Why there is no content, or `nil`.
  ///   - bag: Takes up all that it is made of.
  /// - Throws: What the encoders of JSON and protobuf throw.
  init(
    _ metadata: Flwr_Proto_Metadata,
    content: RecordSet?,
    error: Flwr_Proto_Error? = nil,
    in bag: inout ObjectBag
  ) throws {
    self.init()
    self.metadata = metadata
    if let error { self.error = error }
    let children = try content.map { [try $0.store(in: &bag)] } ?? []
    let object = StoredObject(.message, children: children, body: try serializedBytes())
    self.metadata.messageID = bag.insert(object).description
    // Present, yet empty: without it the other side answers with an internal error.
    if content != nil { self.content = Flwr_Proto_RecordDict() }
  }

  /// The content of a message that came.
  ///
  /// - Parameter bag: All that it is made of.
  /// - Returns: The records.
  /// - Throws: `FlowerError` with code `malformed`.
  func records(in bag: ObjectBag) throws(FlowerError) -> RecordSet {
    let object = try bag.object(try ObjectID(metadata.messageID), .message)
    guard let content = object.children.first else {
      throw FlowerError(.malformed, "expected a message with content, got one without")
    }
    return try RecordSet(content, in: bag)
  }
}

extension Flwr_Proto_Metadata {
  /// Of a message to a node.
  init(run: UInt64, to node: UInt64, type: String, group: String, timeToLive: Double) {
    self.init()
    (runID, srcNodeID, dstNodeID) = (run, 1, node)
    (messageType, groupID) = (type, group)
    (ttl, createdAt) = (timeToLive, Date().timeIntervalSince1970)
  }

  /// Of the answer to a message; it lives no longer than the message does.
  init(answerTo request: Flwr_Proto_Metadata) {
    self.init()
    (runID, srcNodeID, dstNodeID) = (request.runID, request.dstNodeID, request.srcNodeID)
    (messageType, groupID) = (request.messageType, request.groupID)
    replyToMessageID = request.messageID
    createdAt = Date().timeIntervalSince1970
    ttl = max(0, request.createdAt + request.ttl - createdAt)
  }
}

extension Flwr_Proto_Error {
  /// What a client could not do.
  init(reason: String) {
    self.init()
    (code, self.reason) = (2, reason.excerpt)
  }

  /// Why there is no answer, in words.
  var explanation: String {
    switch code {
    case 2: reason.excerpt
    case 3: "its task is not there any more"
    case 4: "its answer did not come in time"
    case 5: "its machine is not connected any more"
    case 8: "it stopped responding"
    default: "error \(code)\(reason.isEmpty ? "" : ": \(reason.excerpt)")"
    }
  }
}
