using System.Globalization;
using Dlt.Storage;

namespace Dlt.Destinations.Leases;

/// <summary>The leases of all pipelines on a dataset.</summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
internal sealed class LiveLeases(IObjectStore objects, ObjectLocation dataset)
{
    /// <summary>Refuses to go on while a run holds a lease that is younger than its time.</summary>
    /// <param name="what">What is not done meanwhile, such as <c>dropped</c>.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    /// <exception cref="DltException">A pipeline is running.</exception>
    public async Task CheckAsync(string what, CancellationToken cancellationToken)
    {
        var folder = dataset.Combine(DatasetLease.Folder);
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var seen = await new LeaseStore(objects, file.Location).ReadAsync(cancellationToken).ConfigureAwait(false);
            if (seen is null || seen.Content.IsReleased || seen.Age >= seen.Content.Lease) continue;
            var left = Math.Ceiling((seen.Content.Lease - seen.Age).TotalSeconds);
            throw new DltException(
                $"Pipeline '{seen.Content.Pipeline}' is running: {seen.Content.Holder}. Nothing was {what}. Repeat the command when "
                + string.Create(CultureInfo.InvariantCulture, $"that run has ended; if it was killed, in {left:0} s."));
        }
    }
}
