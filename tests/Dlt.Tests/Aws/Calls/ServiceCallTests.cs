using Dlt.Internal;
using Dlt.Retries;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Calls;

public sealed class ServiceCallTests
{
    private readonly List<string> _said = [];
    private readonly ServiceEndpoint _endpoint;

    public ServiceCallTests()
    {
        _endpoint = new("Glue", new(new FastClock(20), Say));
        _endpoint.SetAddress(new("https://user:secret@glue.example:8443/path?key=secret"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_never_answers_times_out_as_a_first_call_and_the_wait_is_reported()
    {
        var call = _endpoint.Begin("GetTable of table 'a.b'");
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.AttemptAsync(NeverAsync, isLarge: false, Cancellation));
        Assert.False(call.HasAttemptsLeft);
        Assert.StartsWith("Glue at https://glue.example:8443 has not answered GetTable of table 'a.b' for 2 s (attempt 1",
            Assert.Single(_said), StringComparison.Ordinal);
        var translated = Assert.IsType<FirstCallException>(_endpoint.NotReached(call.What, error, call));
        Assert.Contains("It was tried 1 time in ", translated.Message, StringComparison.Ordinal);
        Assert.Contains(" at https://glue.example:8443.", translated.Message, StringComparison.Ordinal);
        Assert.False(Failure.IsTransient(translated, Cancellation));
    }

    [Fact]
    public async Task A_body_that_is_read_without_a_token_does_not_hold_up_the_call()
    {
        using var answered = new ManualResetEventSlim();
        var call = _endpoint.Begin("GetTable");
        await Assert.ThrowsAsync<TimeoutException>(() => call.AttemptAsync(_ => WaitAsync(answered), isLarge: false, Cancellation));
        answered.Set();
    }

    [Fact]
    public async Task Once_a_service_has_answered_its_calls_are_more_patient_and_a_later_failure_may_pass()
    {
        _endpoint.MarkAnswered();
        var call = _endpoint.Begin("GetTable");
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            call.AttemptAsync<int>(_ => throw new HttpRequestException("refused"), isLarge: false, Cancellation));
        Assert.True(call.HasAttemptsLeft);
        Assert.Equal(RetryPolicy.Calls, _endpoint.Policy);
        var translated = _endpoint.NotReached(call.What, new HttpRequestException("refused"), call);
        Assert.IsNotType<FirstCallException>(translated);
        Assert.True(Failure.IsTransient(translated, Cancellation));
    }

    [Fact]
    public async Task A_long_wait_is_reported_with_call_address_attempt_and_time_of_the_next()
    {
        await _endpoint.Waits.WaitAsync("Glue at https://x did not do GetTable: refused.", 4, 10, TimeSpan.FromSeconds(2), Cancellation);
        Assert.Empty(_said);
        await _endpoint.Waits.WaitAsync("Glue at https://x did not do GetTable: refused.", 4, 10, TimeSpan.FromSeconds(2.6), Cancellation);
        Assert.Equal("Glue at https://x did not do GetTable: refused. That was attempt 4 of 10; the next one follows in 3 s.",
            Assert.Single(_said));
    }

    [Fact]
    public async Task A_check_that_follows_a_wait_is_announced_with_its_number_the_last_one_too()
    {
        await _endpoint.Waits.WaitForCheckAsync("The table is read again", 3, 3, TimeSpan.FromSeconds(2), Cancellation);
        Assert.Empty(_said);
        await _endpoint.Waits.WaitForCheckAsync("The table is read again.", 3, 3, TimeSpan.FromSeconds(2.6), Cancellation);
        Assert.Equal("The table is read again in 3 s (check 3 of 3).", Assert.Single(_said));
    }

    [Fact]
    public async Task A_caller_that_cancels_gets_no_timeout_error()
    {
        using var stop = new CancellationTokenSource();
        var attempt = _endpoint.Begin("GetTable").AttemptAsync(NeverAsync, isLarge: false, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    private static async Task<int> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    /// <summary>Blocks a thread, as reading a body without a cancellation token does.</summary>
    private static async Task<int> WaitAsync(ManualResetEventSlim answered)
    {
        await Task.Yield();
        answered.Wait(Cancellation);
        return 0;
    }

    private void Say(string line)
    {
        lock (_said) _said.Add(line);
    }
}
