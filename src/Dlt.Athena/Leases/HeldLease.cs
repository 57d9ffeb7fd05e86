using System.Globalization;
using Dlt.Internal;

namespace Dlt.Destinations.Leases;

/// <summary>A lease that this run holds. A timer renews it three times within its time.</summary>
internal sealed class HeldLease : IHeldLease
{
    private readonly LeaseStore _store;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _closing = new();
    private LeaseObject _own;
    private string _etag;
    private Moment _renewed;
    private volatile DltException? _loss;
    private volatile bool _hasWritten;

    /// <param name="store">The lease.</param>
    /// <param name="own">The content to renew.</param>
    /// <param name="etag">ETag of the object that this run wrote.</param>
    /// <param name="began">A moment before the lease was taken.</param>
    /// <param name="warn">Receives a warning when the lease cannot be given back.</param>
    public HeldLease(LeaseStore store, LeaseObject own, string etag, Moment began, Action<string> warn)
    {
        (_store, _own, _etag, _renewed, _warn, _time) = (store, own, etag, began, warn, began.Time);
        Lost = _lost.Token;
        _timer = _time.CreateTimer(_ => _ = RenewInBackgroundAsync(), null, own.Lease / 3, own.Lease / 3);
    }

    /// <summary>Number of this run among all that took the lease.</summary>
    public long Number => _own.Number;

    public CancellationToken Lost { get; }

    public DltException? Loss => _loss;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        _hasWritten = true;
        if (_loss is null && _renewed.Elapsed > _own.Lease * (2.0 / 3)) await RenewInTurnAsync(cancellationToken).ConfigureAwait(false);
        if (_loss is { } loss) throw loss;
    }

    /// <summary>Gives the lease back: the next run takes it at once. If that fails, it waits until the lease is too old.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        if (_loss is null) await ReleaseAsync().ConfigureAwait(false);
        _turn.Dispose();
        _closing.Dispose();
        _lost.Dispose();
    }

    /// <summary>The first run of a pipeline deletes the object if it wrote nothing else: a run that is refused leaves nothing.</summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(_own.Lease, _time);
        try
        {
            if (_own.Number == 1 && !_hasWritten && await _store.TryDeleteAsync(_etag, limit.Token).ConfigureAwait(false)) return;
            var released = _own with { Renewal = _own.Renewal + 1, IsReleased = true };
            await _store.TryWriteAsync(released, _etag, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _warn($"The lease {_store.Location} was not given back: {Failure.Sentence(error)} A run of pipeline "
                + $"'{_own.Pipeline}' on another machine waits until it is {Seconds(_own.Lease)} old.");
        }
    }

    private async Task RenewInBackgroundAsync()
    {
        try
        {
            await RenewInTurnAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The run has ended.
        }
    }

    private async Task RenewInTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loss is null && _renewed.Elapsed >= _own.Lease / 4) await RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_own.Lease, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var began = new Moment(_time);
        try
        {
            var next = _own with { Renewal = _own.Renewal + 1 };
            if (await _store.TryWriteAsync(next, _etag, either.Token).ConfigureAwait(false) is { } etag)
            {
                (_own, _etag, _renewed) = (next, etag, began);
                return;
            }

            var other = await _store.ReadAsync(either.Token).ConfigureAwait(false);
            await LoseAsync($"another run took the lease over{(other is null ? "" : $": {other.Content.Holder}")}", null)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (_renewed.Elapsed < _own.Lease) return;   // the next attempt may succeed in time
            await LoseAsync($"its lease could not be renewed for {Seconds(_renewed.Elapsed)}: {error.Message.TrimEnd('.')}", error)
                .ConfigureAwait(false);
        }
    }

    private Task LoseAsync(string why, Exception? cause)
    {
        _loss = new DltException($"The run of pipeline '{_own.Pipeline}' was stopped before its next write, because {why} "
            + $"({_store.Location}).", cause)
        { IsTransient = true, WasRetried = true, Advice = "Run again." };
        return _lost.CancelAsync();
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
