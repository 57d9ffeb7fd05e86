namespace Dlt.Load;

/// <summary>
/// Completes or undoes loads of the pipeline that an earlier run left and whose packages are not here, in each dataset of the pipeline. The
/// lease of the default dataset keeps other runs out of all of them; without a lease nothing is recovered.
/// </summary>
/// <param name="context">The pipeline.</param>
/// <param name="clients">The open datasets.</param>
/// <param name="lease">The lease of the run.</param>
internal sealed class DatasetRecovery(PipelineContext context, DatasetClients clients, RunLease lease)
{
    /// <summary>Recovers loads in the default dataset and in those of the schemas that the local state names.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RunAsync(clients.Default, cancellationToken).ConfigureAwait(false);
        foreach (var client in clients.SeparateOf(context.State.SchemaNames))
            await RunAsync(client, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Recovers loads in one dataset.</summary>
    public async Task RunAsync(RetryingClient client, CancellationToken cancellationToken)
    {
        if (!lease.IsHeld) return;
        var kept = context.Folder.Pending.Select(p => p.LoadId).ToHashSet(StringComparer.Ordinal);
        await client.RecoverAsync(kept, context.Resets, cancellationToken).ConfigureAwait(false);
    }
}
