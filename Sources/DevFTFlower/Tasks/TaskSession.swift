import Foundation
import SwiftProtobuf

/// A task that this process has claimed: it stays ours as long as its heart beats.
final class TaskSession: Sendable {
  /// The task's token.
  let token: String
  /// The run it belongs to.
  let runID: UInt64
  /// The node that this process speaks for; 1 is the server.
  let nodeID: UInt64
  /// What the node was started with, as text.
  let nodeSettings: [String: String]

  private let api: RuntimeAPI
  private let context: Flwr_Proto_Context
  private let heartbeat: Heartbeat

  /// Takes up a claimed task.
  ///
  /// - Parameters:
  ///   - token: The task's token.
  ///   - api: Where it was claimed.
  /// - Throws: `FlowerError`.
  init(token: String, api: RuntimeAPI) throws(FlowerError) {
    let input: Flwr_Proto_PullTaskInputResponse = try api.call(
      "pull-task-input",
      Flwr_Proto_PullTaskInputRequest(),
      token: token
    )
    self.token = token
    self.api = api
    context = input.context
    runID = input.context.runID
    nodeID = input.context.nodeID
    nodeSettings = input.context.nodeConfig.mapValues(\.text)
    heartbeat = Heartbeat(api: api, token: token)
  }

  /// Goes on with a task whose input was pulled by an earlier process.
  init(token: String, runID: UInt64, nodeID: UInt64, api: RuntimeAPI) throws(FlowerError) {
    let _: Flwr_Proto_SendTaskHeartbeatResponse = try api.call(
      "send-task-heartbeat",
      Flwr_Proto_SendTaskHeartbeatRequest(),
      token: token
    )
    self.token = token
    self.api = api
    (self.runID, self.nodeID, nodeSettings) = (runID, nodeID, [:])
    var context = Flwr_Proto_Context()
    (context.runID, context.nodeID) = (runID, nodeID)
    self.context = context
    heartbeat = Heartbeat(api: api, token: token)
  }

  /// This process's node, as calls want it.
  private var node: Flwr_Proto_Node {
    var node = Flwr_Proto_Node()
    node.nodeID = nodeID
    return node
  }

  // MARK: Messages

  /// Time within which a server expects what an answer is made of: its sender may have died meanwhile.
  static let answerPatience = Duration.seconds(60)

  /// Sends messages with all that they are made of.
  ///
  /// - Parameters:
  ///   - messages: Messages whose names are set.
  ///   - bag: What they are made of.
  /// - Returns: The names they go by; empty for one that the other side does not take.
  /// - Throws: `FlowerError`.
  func push(_ messages: [Flwr_Proto_Message], _ bag: ObjectBag) throws(FlowerError) -> [String] {
    var request = Flwr_Proto_PushAppMessagesRequest()
    request.messagesList = messages
    for message in messages {
      request.messageObjectTrees.append(try bag.tree(of: ObjectID(message.metadata.messageID)))
    }
    let response: Flwr_Proto_PushAppMessagesResponse = try call("push-messages", request)
    for text in response.objectsToPush {
      let id = try ObjectID(text)
      guard let content = bag.contents[id] else {
        throw FlowerError(.malformed, "push-messages: asked for object \(id), which nobody sent")
      }
      var push = Flwr_Proto_PushObjectRequest()
      (push.node, push.runID, push.sessionID) = (node, runID, response.sessionID)
      (push.objectID, push.objectContent) = (text, content)
      let answer: Flwr_Proto_PushObjectResponse = try call("push-object", push)
      guard answer.stored else {
        throw FlowerError(.refused, "push-object: object \(id) was not stored")
      }
    }
    return response.messageIds
  }

  /// Fetches messages that are there.
  ///
  /// - Parameter ids: Names of the messages that they answer; none for a client, which gets its own.
  /// - Returns: Messages with their trees.
  /// - Throws: `FlowerError`.
  func pull(
    answersTo ids: [String] = []
  ) throws(FlowerError) -> [(message: Flwr_Proto_Message, tree: Flwr_Proto_ObjectTree)] {
    var request = Flwr_Proto_PullAppMessagesRequest()
    request.messageIds = ids
    let response: Flwr_Proto_PullAppMessagesResponse = try call("pull-messages", request)
    let trees = Dictionary(
      response.messageObjectTrees.map { ($0.objectID, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    return response.messagesList.map { message in
      (message, trees[message.metadata.messageID] ?? Flwr_Proto_ObjectTree())
    }
  }

  /// Fetches all that a message is made of, then tells that it is here.
  ///
  /// - Parameters:
  ///   - tree: What it is made of.
  ///   - limit: Most bytes of all objects together.
  ///   - patience: Time within which each has to arrive at the other side; `nil`: as long as the other side
  ///     waits for it.
  /// - Returns: The objects.
  /// - Throws: `FlowerError` with code `malformed` or `tooLarge` when the sender is at fault, `incomplete`
  ///   when an object never came.
  func objects(
    of tree: Flwr_Proto_ObjectTree,
    limit: Int,
    patience: Duration?
  ) throws(FlowerError) -> ObjectBag {
    var bag = ObjectBag()
    var byteCount = 0
    for id in try Self.names(in: tree) {
      let content = try object(id, patience)
      byteCount += content.count
      guard byteCount <= limit else {
        throw FlowerError(
          .tooLarge,
          "expected a message of at most \(limit) bytes, got a larger one"
        )
      }
      try bag.insert(content, as: id)
    }
    return bag
  }

  /// Tells that a message and its objects are here, so that they can be dropped there.
  func confirm(_ messageID: String) throws(FlowerError) {
    var request = Flwr_Proto_ConfirmMessageReceivedRequest()
    (request.node, request.runID, request.messageObjectID) = (node, runID, messageID)
    let _: Flwr_Proto_ConfirmMessageReceivedResponse = try call(
      "confirm-message-received",
      request
    )
  }

  /// An object; it may still be on its way to the other side, or never come when its sender has died.
  private func object(_ id: ObjectID, _ patience: Duration?) throws(FlowerError) -> Data {
    var request = Flwr_Proto_PullObjectRequest()
    (request.node, request.runID, request.objectID) = (node, runID, id.description)
    let end = patience.map { ContinuousClock.now + $0 }
    var pause = Duration.milliseconds(50)
    while true {
      let response: Flwr_Proto_PullObjectResponse = try call("pull-object", request)
      guard response.objectFound else {
        throw FlowerError(.incomplete, "object \(id): the other side does not have it")
      }
      if response.objectAvailable { return response.objectContent }
      if let end, let patience, ContinuousClock.now >= end {
        throw FlowerError(.incomplete, "object \(id): did not arrive within \(patience)")
      }
      Thread.sleep(for: pause)
      pause = min(pause * 2, .seconds(1))
    }
  }

  /// Names of a tree, each once.
  ///
  /// Trees deeper than the format's five levels are refused.
  private static func names(
    in tree: Flwr_Proto_ObjectTree,
    depth: Int = 0
  ) throws(FlowerError) -> Set<ObjectID> {
    guard depth < 8 else { throw FlowerError(.malformed, "a message's objects nest too deep") }
    var names: Set<ObjectID> = [try ObjectID(tree.objectID)]
    for child in tree.children { names.formUnion(try self.names(in: child, depth: depth + 1)) }
    return names
  }

  // MARK: The federation, and the end

  /// The nodes that are connected.
  func nodes() throws(FlowerError) -> [UInt64] {
    let response: Flwr_Proto_GetNodesResponse = try call(
      "get-nodes",
      Flwr_Proto_GetNodesRequest()
    )
    return response.nodes.map(\.nodeID)
  }

  /// Shows lines in the run's log.
  func log(_ lines: [String]) throws(FlowerError) {
    var request = Flwr_Proto_PushLogsRequest()
    (request.node, request.runID, request.logs) = (node, runID, lines.map { $0 + "\n" })
    let _: Flwr_Proto_PushLogsResponse = try call("push-logs", request)
  }

  /// Ends the task.
  ///
  /// - Parameter failure: Why it failed, or `nil` when it is done.
  /// - Throws: `FlowerError`.
  func finish(failure: String? = nil) throws(FlowerError) {
    heartbeat.stop()
    var request = Flwr_Proto_PushTaskOutputRequest()
    request.context = context
    request.subStatus = failure == nil ? "completed" : "failed"
    request.details = failure ?? ""
    let _: Flwr_Proto_PushTaskOutputResponse = try call("push-task-output", request)
  }

  /// Lets go of the task without a word; its token runs out by itself.
  func abandon() { heartbeat.stop() }

  private func call<Response: SwiftProtobuf.Message>(
    _ name: String,
    _ request: some SwiftProtobuf.Message
  ) throws(FlowerError) -> Response {
    try api.call(name, request, token: token)
  }
}

extension Flwr_Proto_Scalar {
  /// The value as text.
  fileprivate var text: String {
    switch scalar {
    case .double(let number): "\(number)"
    case .uint64(let number): "\(number)"
    case .sint64(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .string(let text): text
    case .bytes, nil: ""
    }
  }
}
