using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Dlt.Tests.Support.LongestFirst))]

namespace Dlt.Tests.Support;

/// <summary>
/// Long classes begin first. A long class that begins last runs alone at the end, while the other cores are idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // The collection of a class is named after it, as "Test collection for Dlt.Tests.Cli.InstalledCommandTests (id: …)".
    private static readonly Dictionary<string, int> Seconds = typeof(LongestFirst).Assembly.GetTypes()
        .Where(type => type.IsDefined(typeof(LongAttribute)))
        .ToDictionary(type => type.FullName!, type => type.GetCustomAttribute<LongAttribute>()!.Seconds);

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(SecondsOf)];

    private static int SecondsOf<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection =>
        collection.TestCollectionDisplayName.Split(' ').Sum(word => Seconds.GetValueOrDefault(word));
}
