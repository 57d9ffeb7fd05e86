using Dlt.Storage;

namespace Dlt.Destinations.Leases;

/// <summary>
/// The lease of one pipeline on a dataset: the object <c>&lt;dataset&gt;/_dlt_lease/&lt;pipeline&gt;.json</c>. In a catalog whose changes
/// have no conditions, all pipelines share the object <c>&lt;dataset&gt;/_dlt_lease/dataset/lease.json</c>.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="lease">Age after which another machine may take the lease; zero for no lease.</param>
/// <param name="context">Name of the pipeline, clock and warnings.</param>
internal sealed class DatasetLease(IObjectStore objects, ObjectLocation dataset, TimeSpan lease, DestinationContext context)
{
    /// <summary>Folder of the leases, below that of the dataset.</summary>
    public const string Folder = "_dlt_lease/";

    /// <summary>The lease of all pipelines, below that folder. No pipeline has a name with a slash.</summary>
    private const string OfDataset = "dataset/lease";

    /// <summary>Takes the lease. Null when none is used, and when the bucket does not exist: then nothing can be written.</summary>
    /// <param name="holder">The run.</param>
    /// <param name="waits">True: waits while another run renews it. False: that is an error.</param>
    /// <param name="isOfDataset">True for the lease that all pipelines of the dataset share.</param>
    /// <param name="cancellationToken">Stops; the lease is not taken.</param>
    /// <exception cref="DltException">Another machine runs the pipeline, or another pipeline of the dataset.</exception>
    public async Task<IHeldLease?> TakeAsync(LeaseHolder holder, bool waits, bool isOfDataset, CancellationToken cancellationToken)
    {
        if (lease == TimeSpan.Zero) return null;
        var location = dataset.Combine($"{Folder}{(isOfDataset ? OfDataset : context.PipelineName)}.json");
        var taker = new LeaseTaker(new(objects, location), context.PipelineName, lease, context.Time, context.Warn);
        try
        {
            return await taker.TakeAsync(holder, waits, cancellationToken).ConfigureAwait(false);
        }
        catch (BucketNotFoundException)
        {
            return null;   // the check of the dataset names the setting
        }
    }
}
