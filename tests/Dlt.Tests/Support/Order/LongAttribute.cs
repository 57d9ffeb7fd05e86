namespace Dlt.Tests.Support;

/// <summary>Marks a class whose tests take half a minute or more together: it begins first (<see cref="LongestFirst"/>).</summary>
/// <param name="seconds">Seconds that the class takes on two cores; the longest begins first.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LongAttribute(int seconds) : Attribute
{
    public int Seconds => seconds;
}
