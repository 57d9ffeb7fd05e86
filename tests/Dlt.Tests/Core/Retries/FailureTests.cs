using System.Net.Sockets;
using System.Security.Authentication;
using Dlt.Internal;
using Dlt.Retries;

namespace Dlt.Tests.Core.Retries;

public sealed class FailureTests
{
    public static TheoryData<Exception, bool> Failures => new()
    {
        { new TimeoutException(), true },
        { new TaskCanceledException("nobody asked for it"), true },
        { new HttpRequestException("refused"), true },
        { new HttpIOException(HttpRequestError.ResponseEnded), true },
        { new SocketException(), true },
        { new AggregateException(new TimeoutException(), new IOException()), true },
        { new Amazon.Runtime.AmazonClientException("what a library throws"), true },
        { new DltException("SlowDown") { IsTransient = true }, true },
        { new DltException("no"), false },
        { new HttpRequestException("The SSL connection could not be established", new AuthenticationException("certificate")), false },
        { new FileNotFoundException(), false },
        { new IOException("no space", 28), false },
        { new AggregateException(new TimeoutException(), new InvalidOperationException()), false },
        { new InvalidOperationException("a bug"), false },
        { new FirstCallException("wrong address", null), false },
        { new DltException("tried to its end") { IsTransient = true, WasRetried = true }, false },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_failure_of_the_network_is_transient_and_a_bug_is_not(Exception error, bool isTransient) =>
        Assert.Equal(isTransient, Failure.IsTransient(error, CancellationToken.None));

    [Fact]
    public void Nothing_is_tried_again_for_a_caller_that_stops() =>
        Assert.False(Failure.IsTransient(new TimeoutException(), new CancellationToken(canceled: true)));

    [Fact]
    public void The_cause_of_a_tls_failure_is_in_the_error() =>
        Assert.Equal("TLS: the certificate has expired",
            Failure.Cause(new HttpRequestException("see inner", new AuthenticationException("the certificate has expired"))));
}
