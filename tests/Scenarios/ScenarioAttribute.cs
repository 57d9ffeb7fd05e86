using Xunit.v3;

namespace Dlt.Scenarios;

/// <summary>A scenario of docs/spec/athena-destination.md 9 that a test shows. House/ScenarioTests compares the two.</summary>
/// <param name="id">Id of the scenario, such as T-15.</param>
/// <param name="cases">
/// Golden cases that show it, by the last part of their ids; an asterisk at the end stands for any ending. Empty for all of the test.
/// </param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ScenarioAttribute(string id, params string[] cases) : Attribute, ITraitAttribute
{
    public IReadOnlyList<string> Cases => cases;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create("Scenario", id)];
}
