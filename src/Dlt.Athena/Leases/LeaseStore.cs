using Dlt.Storage;

namespace Dlt.Destinations.Leases;

/// <summary>A lease as read from the store.</summary>
/// <param name="Content">The content.</param>
/// <param name="ETag">ETag of that version.</param>
/// <param name="Age">
/// Time since that version was written, by the clock of the store, at least; S3 gives whole seconds. Zero when the store gives none.
/// </param>
internal sealed record StoredLease(LeaseObject Content, string ETag, TimeSpan Age);

/// <summary>Reads and writes the lease of one pipeline, each write under a condition.</summary>
/// <param name="objects">The store.</param>
/// <param name="location">The object.</param>
internal sealed class LeaseStore(IObjectStore objects, ObjectLocation location)
{
    private const int MaxAttempts = 5;
    private const string OtherETag = "\"00000000000000000000000000000000\"";

    private static readonly TimeSpan Coarseness = TimeSpan.FromSeconds(1);

    public ObjectLocation Location => location;

    /// <summary>Reads the lease; null if no run ever took it.</summary>
    public async Task<StoredLease?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await objects.TryReadAsync(location, cancellationToken).ConfigureAwait(false) is not { } stored) return null;
        var age = stored.AnsweredAt - stored.Info.LastModified - Coarseness;
        var lease = LeaseObject.Read(stored.Content, location.ToString());
        return new(lease, stored.Info.ETag, age > TimeSpan.Zero ? age.Value : TimeSpan.Zero);
    }

    /// <summary>
    /// Writes the lease if it still has an ETag. A refused condition may mean that the response to an earlier attempt was lost: the object
    /// then has the mark of this run.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="etag">The ETag; null if no object may exist.</param>
    /// <param name="cancellationToken">Stops; the object may or may not have been written.</param>
    /// <returns>ETag of the object; null if another run has written it.</returns>
    /// <exception cref="DltException">The store has no conditional writes.</exception>
    public async Task<string?> TryWriteAsync(LeaseObject content, string? etag, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                var condition = etag is null ? PutCondition.MustNotExist : PutCondition.MustBe(etag);
                var written = await objects.PutAsync(location, content.Write(), condition, cancellationToken).ConfigureAwait(false);
                return written.ETag;
            }
            catch (Exception error) when (error is PreconditionFailedException or ObjectNotFoundException)
            {
                var present = await ReadAsync(cancellationToken).ConfigureAwait(false);
                if (present is not null && present.Content.Mark != content.Mark) return null;
                if (present?.Content == content) return present.ETag;
                etag = present?.ETag;   // an earlier write of this run, or somebody deleted the object
            }
            catch (ConditionNotSupportedException error)
            {
                throw Unsupported("refuses", error);
            }
        }

        return null;
    }

    /// <summary>Deletes the lease if it still has an ETag. Whoever holds the lease may delete it; nothing depends on that.</summary>
    /// <returns>False when it stays: it has another ETag, or the store has no conditional deletes.</returns>
    public async Task<bool> TryDeleteAsync(string etag, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.TryDeleteAsync(location, etag, cancellationToken).ConfigureAwait(false);
        }
        catch (ConditionNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Checks that the store obeys conditions: writes the object as it is, under conditions that are not met.</summary>
    /// <exception cref="DltException">The store ignores conditions.</exception>
    public async Task ProveAsync(LeaseObject present, CancellationToken cancellationToken)
    {
        foreach (var condition in new[] { PutCondition.MustNotExist, PutCondition.MustBe(OtherETag) })
        {
            try
            {
                await objects.PutAsync(location, present.Write(), condition, cancellationToken).ConfigureAwait(false);
            }
            catch (PreconditionFailedException)
            {
                continue;
            }
            catch (ConditionNotSupportedException error)
            {
                throw Unsupported("refuses", error);
            }

            throw Unsupported("ignores", null);
        }
    }

    /// <summary>The error of a store without conditional writes.</summary>
    /// <param name="what">What the store does with conditions.</param>
    /// <param name="error">Its response; null if it accepted the write.</param>
    private DltException Unsupported(string what, Exception? error) => new($"The store of {location} {what} conditions of writes "
        + "(If-None-Match, If-Match), so it cannot keep two runs of one pipeline apart. Nothing was loaded. Set lease = 0 in "
        + "[destination.athena], and never run the pipeline twice at the same time.", error);
}
