using System.Globalization;
using Dlt.Internal;

namespace Dlt.Destinations.Leases;

/// <summary>
/// Takes the lease of a pipeline. A lease that was given back, is too old, or is of the same working folder is taken at once. Any other is
/// watched: if its holder does not renew it in time, the holder is dead.
/// </summary>
/// <param name="store">The lease.</param>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="lease">Time without a renewal after which this run counts as dead.</param>
/// <param name="time">Clock that measures waits and renewals. What it shows does not matter.</param>
/// <param name="warn">Receives warnings for the user.</param>
internal sealed class LeaseTaker(LeaseStore store, string pipeline, TimeSpan lease, TimeProvider time, Action<string> warn)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>Takes the lease.</summary>
    /// <param name="holder">The run.</param>
    /// <param name="waits">True: waits while another run renews it. False: that is an error.</param>
    /// <param name="cancellationToken">Stops; the lease is not taken.</param>
    /// <exception cref="DltException">Another run holds the lease, or the store has no conditional writes.</exception>
    public async Task<HeldLease> TakeAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken)
    {
        LeaseWatch? watch = null;
        while (true)
        {
            var began = new Moment(time);
            StoredLease? seen;
            try
            {
                seen = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (watch is { Left.Ticks: > 0 } && Failure.IsTransient(error, cancellationToken))
            {
                // A watch that began again would never end where every hundredth read fails.
                await Task.Delay(Pause(watch), time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (seen is null || seen.Content.IsReleased || seen.Content.IsOfFolder(holder) || watch?.IsOver(seen) == true
                || seen.Age >= seen.Content.Lease)
            {
                var own = seen is null
                    ? LeaseObject.Of(pipeline, holder, lease)
                    : seen.Content.TakenBy(holder, lease) with { Pipeline = pipeline };
                if (await TryTakeAsync(own, seen?.ETag, began, cancellationToken).ConfigureAwait(false) is { } held) return held;
                continue;   // another run was faster
            }

            if (watch is not null && watch.ETag != seen.ETag && !waits) throw Held(seen);
            if (watch is null) warn(Waiting(seen, waits));
            if (watch is null || watch.ETag != seen.ETag) watch = new(seen, time);
            await Task.Delay(Pause(watch), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HeldLease?> TryTakeAsync(LeaseObject own, string? etag, Moment began, CancellationToken cancellationToken)
    {
        if (await store.TryWriteAsync(own, etag, cancellationToken).ConfigureAwait(false) is not { } written) return null;
        if (own.IsProven) return new(store, own, written, began, warn);
        await store.ProveAsync(own, cancellationToken).ConfigureAwait(false);
        return new(store, own with { IsProven = true }, written, began, warn);
    }

    private static TimeSpan Pause(LeaseWatch watch)
    {
        var part = watch.Length / 20;
        var pause = part < ShortestPause ? ShortestPause : part > LongestPause ? LongestPause : part;
        return watch.Left < pause ? watch.Left : pause;
    }

    private static string Waiting(StoredLease seen, bool waits)
    {
        var what = waits ? "until it ends" : $"up to {Seconds(seen.Content.Lease - seen.Age)} to see whether that run is alive";
        return $"Pipeline '{seen.Content.Pipeline}' is running elsewhere: {seen.Content.Holder}. This run waits {what}.";
    }

    private DltException Held(StoredLease seen) => new(
        $"Pipeline '{seen.Content.Pipeline}' is running elsewhere: {seen.Content.Holder}; it renewed its lease {store.Location} "
        + $"{Seconds(seen.Age)} ago. Nothing was run. Run again when that run has ended, or run with --wait.")
    { IsTransient = true, WasRetried = true };

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Ceiling(time.TotalSeconds)):0} s");
}
