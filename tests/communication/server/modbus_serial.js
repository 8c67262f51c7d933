// modbus-serial reads and writes a station, and says what differs.
// usage: node modbus_serial.js PORT UNIT, where the package is installed
const assert = require("assert");
const path = require("path");
const Modbus = require(require.resolve("modbus-serial", { paths: [process.cwd()] }));

async function main(port, unit) {
  const client = new Modbus();
  await client.connectTCP("127.0.0.1", { port });
  client.setID(unit);
  client.setTimeout(2000);
  await client.writeRegisters(30, [1, 2, 65535]);
  assert.deepStrictEqual((await client.readHoldingRegisters(30, 3)).data, [1, 2, 65535]);
  assert.deepStrictEqual((await client.readInputRegisters(30, 3)).data, [1, 2, 65535]);
  await client.writeRegister(31, 7);
  await client.maskWriteRegister(30, 0xfff0, 0x0004);
  assert.deepStrictEqual((await client.readHoldingRegisters(30, 2)).data, [4, 7]);
  await client.writeCoils(40, [true, false, true]);
  await client.writeCoil(41, true);
  const coils = (await client.readCoils(40, 3)).data.slice(0, 3);
  assert.deepStrictEqual(coils, [true, true, true]);
  const inputs = (await client.readDiscreteInputs(40, 3)).data.slice(0, 3);
  assert.deepStrictEqual(inputs, [false, false, false]);
  const who = await client.readDeviceIdentification(1, 0);
  assert.strictEqual(who.data[0], "V");
  await assert.rejects(client.readHoldingRegisters(999, 2), { modbusCode: 2 });
  console.log("all right");
  client.close(() => {});
}

main(Number(process.argv[2]), Number(process.argv[3])).catch((error) => {
  console.error(error);
  process.exit(1);
});
