namespace Dlt.Packages;

/// <summary>
/// Compares the pending packages of a working folder with the committed state, which another machine may have changed since they were made.
/// A package that moves the state of sources from another base is set aside; one that only has rows is loaded without its row of the state.
/// </summary>
/// <param name="folder">The working folder.</param>
/// <param name="isLoaded">Returns true for a package whose load is complete.</param>
/// <param name="takeBack">Removes what the load of a package has written, and returns the tables that keep its rows.</param>
internal sealed class ReturningPackages(
    WorkingFolder folder, Func<LoadPackage, CancellationToken, Task<bool>> isLoaded,
    Func<LoadPackage, CancellationToken, Task<IReadOnlyList<string>>> takeBack)
{
    private readonly List<(string LoadId, IReadOnlyList<string> Replaced)> _setAside = [];

    /// <summary>Load ids of the packages that were set aside, with the tables that keep their rows.</summary>
    public IReadOnlyList<(string LoadId, IReadOnlyList<string> Replaced)> SetAside => _setAside;

    /// <summary>Compares the packages.</summary>
    /// <param name="committed">Version hash of the committed state.</param>
    /// <param name="cancellationToken">Stops; packages may already be set aside.</param>
    /// <returns>True when the local state is that of a package that does not commit it any more.</returns>
    public async Task<bool> CompareAsync(string? committed, CancellationToken cancellationToken)
    {
        var hasChanged = false;
        var pending = folder.Pending;
        foreach (var package in pending)
        {
            if (StateMove.Read(package) is not { } move) continue;
            if (move.Base == committed)
            {
                committed = move.Next ?? committed;
                continue;
            }

            if (move.Next is null && !move.MovesSources) continue;
            if (await isLoaded(package, cancellationToken).ConfigureAwait(false)) continue;
            hasChanged = true;
            var companions = package.CommitWith;
            foreach (var part in pending.Where(p => companions.Contains(p.LoadId)).Append(package))
            {
                if (!move.MovesSources) StateRow.Remove(part);
                else await SetPartAsideAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }

        return hasChanged;
    }

    /// <summary>
    /// Takes back the load of a package and sets the package aside. The data package goes last: while it is pending, the next run finds it
    /// and repeats the comparison.
    /// </summary>
    private async Task SetPartAsideAsync(LoadPackage part, CancellationToken cancellationToken)
    {
        var replaced = await takeBack(part, cancellationToken).ConfigureAwait(false);
        new SetAsidePackages(folder).Add(part);
        _setAside.Add((part.LoadId, replaced));
    }
}
