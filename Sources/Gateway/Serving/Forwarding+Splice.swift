import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import Wire

/// Large content that the kernel moves from socket to socket.
extension Forwarding {
  /// Has the rest of the response go by the kernel, if it is large and both sides are plain.
  func spliceRest(ofResponse turn: borrowing Turn, _ client: ClientConnection) {
    guard stream == nil, download == nil, responseHold == .none, responseFraming == upstreamFraming,
      caching == nil,
      case .length = upstreamFraming,
      let upstream, !upstream.isSecure, !client.isSecure
    else { return }
    download = transfer(turn.responseBody.contentRemaining)
  }

  /// Has the rest of the request's content go by the kernel, if it is large and both sides plain.
  func spliceRest(ofRequest turn: borrowing Turn, _ client: ClientConnection) {
    guard upload == nil, case .length = requestFraming, let upstream, upstream.isConnected,
      !upstream.isSecure, !client.isSecure
    else { return }
    upload = transfer(turn.requestBody.contentRemaining)
  }

  private func transfer(_ count: Int) -> SpliceTransfer? {
    guard count >= SpliceTransfer.bytesMin, let pipe = worker.takePipe() else { return nil }
    return SpliceTransfer(pipe, count: count)
  }

  /// Moves content of the response on.
  func splice(_ transfer: SpliceTransfer, from upstream: UpstreamConnection) -> SpliceTransfer.Step
  {
    guard let client else { return .sinkFailed }
    // Not the property itself: passed on, every access to it would have to be checked.
    var moved: UInt64 = 0
    let step = transfer.move(from: upstream, to: client, &moved)
    bytesOut += moved
    switch step {
    case .done:
      endDownload()
      withTurn(()) {
        $0.responseBody.skipped(transfer.total)
        finish(&$0, client)
      }
    case .sinkFull:
      isBlockedOnClient = true
      client.awaitRoom()
    case .sinkFailed: worker.later(client)
    case .yield: worker.later(upstream)
    case .sourceEmpty, .sourceEnded: break
    }
    return step
  }

  /// Moves content of the request on.
  func splice(_ transfer: SpliceTransfer, from client: ClientConnection) -> SpliceTransfer.Step {
    guard let upstream, let route else { return .sinkFailed }
    var moved: UInt64 = 0
    let step = transfer.move(from: client, to: upstream, &moved)
    bytesIn += moved
    arm(upstream, route.timeouts.firstByteMilliseconds)
    switch step {
    case .done:
      endUpload()
      withTurn(()) {
        $0.requestBody.skipped(transfer.total)
        requestFinished(&$0)
      }
    case .sinkFull: isBlockedOnUpstream = true
    case .yield: worker.later(client)
    case .sourceEmpty, .sourceEnded, .sinkFailed: break
    }
    return step
  }

  func endDownload() {
    var ended: SpliceTransfer?
    swap(&ended, &download)
    end(ended)
  }

  func endUpload() {
    var ended: SpliceTransfer?
    swap(&ended, &upload)
    end(ended)
  }

  /// Gives the pipe back, or closes one that still holds something.
  private func end(_ transfer: SpliceTransfer?) {
    if let pipe = transfer?.emptyPipe { worker.givePipe(pipe) }
  }
}
