using Dlt.Load;
using Dlt.Packages;

namespace Dlt.Drop;

/// <summary>
/// Gives up the pending packages: their objects are removed from the destination, newest package first, then state and schemas are restored
/// to those before the oldest one. An interrupted abort is repeated as a whole.
/// </summary>
/// <param name="folder">The working folder, whose lock is held.</param>
/// <param name="clients">The datasets; null: objects stay.</param>
internal sealed class PackageAbort(WorkingFolder folder, DatasetClients? clients)
{
    /// <param name="from">The oldest package to give up; null for all.</param>
    /// <param name="cancellationToken">Stops; the packages then stay pending.</param>
    public async Task<List<AbortedPackage>> RunAsync(string? from, CancellationToken cancellationToken)
    {
        var aborted = new List<AbortedPackage>();
        foreach (var package in Enumerable.Reverse(folder.PendingFrom(from)))
            aborted.Insert(0, await RemoveObjectsAsync(package, cancellationToken).ConfigureAwait(false));
        folder.DropPending(from);
        return aborted;
    }

    private async Task<AbortedPackage> RemoveObjectsAsync(LoadPackage package, CancellationToken cancellationToken)
    {
        var id = package.LoadId;
        if (StoppedStep.IsUnbegun(package)) return new(id, AbortOutcome.NotBegun);
        if (clients is null) return new(id, AbortOutcome.Kept);
        var client = clients.Of(package.LoadSchema(null).Name);
        if (PackageLocation.Read(package) is { } place && place != clients.Default.Location)
        {
            throw new DltException($"Package {id} was made for {place}, and this pipeline loads into {clients.Default.Location}. Nothing "
                + $"was given up. Repeat the command with the settings of {place}, or leave its objects there with --keep-objects.");
        }

        if (await client.IsLoadedAsync(id, cancellationToken).ConfigureAwait(false)) return new(id, AbortOutcome.Committed);
        if (await client.RemoveLoadAsync(id, cancellationToken).ConfigureAwait(false) is not { } removed)
            return new(id, AbortOutcome.Kept);
        return new(id, AbortOutcome.Removed) { ReplacedTables = removed.ReplacedTables, EmptiedTables = removed.EmptiedTables };
    }
}
